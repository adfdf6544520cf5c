import type { Graph, Value } from "./graph/graph.js";
import type { PaddedBatch } from "./padded-batch.js";

/** What an encoder's graph makes of a batch, for heads to build on. */
export interface Encoded {
  readonly batch: PaddedBatch;
  /** The last block's output, [tokens, width]: all rows of the batch, padding too. */
  readonly hidden: Value;
  /** [batch, width]; undefined for an encoder without a pooler. */
  readonly pooled: Value | undefined;
  readonly width: number;
}

/** [tokens, columns] → [batch, length, columns] */
export function asRows(graph: Graph, { shape }: PaddedBatch, x: Value, columns: number): Value {
  return graph.node("Reshape", [x, graph.node("Concat", [shape, graph.integers([columns])], { axis: 0 })]);
}
