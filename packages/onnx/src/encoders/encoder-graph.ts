import type { EncoderConfig } from "@bertkit/encoder-family";
import type { Linear, TransformerBlock } from "@bertkit/layers";
import { activate } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { transformerBlock } from "../parts/transformer-block.js";

/** What follows the embeddings of every encoder. */
export interface EncoderStack {
  readonly config: EncoderConfig;
  /** In the order in which they run; one that several layers share stands here once for each. */
  readonly blocks: readonly TransformerBlock[];
  readonly pooler: Linear | undefined;
}

export interface EncoderStart {
  readonly batch: PaddedBatch;
  /** [tokens, width] */
  readonly embedded: Value;
  /** The name of what the pooler's output goes through; default "tanh". */
  readonly poolerActivation?: string;
}

/** A stack of Transformer blocks over embeddings, and a pooler over the first token. */
export function encoderGraph(graph: Graph, { config, blocks, pooler }: EncoderStack, start: EncoderStart): Encoded {
  const { batch, embedded, poolerActivation = "tanh" } = start;
  const { width, activation } = config;
  let hidden = embedded;
  for (const [i, block] of blocks.entries()) {
    hidden = graph.within(`layer.${i}`, () => transformerBlock(graph, block, hidden, { batch, activation }));
  }
  const pooled =
    pooler &&
    graph.within("pooler", () =>
      activate(graph, poolerActivation, linear(graph, pooler, firstTokens(graph, batch, hidden, width))),
    );
  return { batch, hidden, pooled, width };
}

/** [tokens, width] → [batch, width] */
const firstTokens = (graph: Graph, batch: PaddedBatch, hidden: Value, width: number): Value =>
  graph.node("Gather", [asRows(graph, batch, hidden, width), graph.integers(0)], { axis: 1 });
