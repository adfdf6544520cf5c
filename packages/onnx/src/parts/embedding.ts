import { type Embedding, QuantizedEmbedding } from "@bertkit/layers";
import type { Graph, Value } from "../graph/graph.js";

/** A learned row for each id. ids int64 [...] → [..., width] */
export function embedding(graph: Graph, part: Embedding, ids: Value): Value {
  const rows = graph.node("Gather", [graph.parameter(part.weight), ids]);
  if (!(part instanceof QuantizedEmbedding)) return rows;
  const scales = graph.node("Gather", [graph.parameter(part.scale), ids]);
  const column = graph.node("Unsqueeze", [scales, graph.integers([-1])]);
  return graph.node("Mul", [graph.cast(rows, "float32"), column]);
}
