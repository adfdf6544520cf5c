import type { FeedForward, TransformerBlock } from "@bertkit/layers";
import { activate } from "../activations.js";
import type { Graph, Value } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { attention } from "./attention.js";
import { layerNorm } from "./layer-norm.js";
import { linear } from "./linear.js";

/** What a block needs beside its input. */
export interface BlockContext {
  readonly batch: PaddedBatch;
  /** The name of the activation between the feed-forward's two maps. */
  readonly activation: string;
}

/** Attention, then feed-forward, each with a residual sum and a LayerNorm. [tokens, width] → same */
export function transformerBlock(graph: Graph, block: TransformerBlock, x: Value, context: BlockContext): Value {
  const attend = (y: Value): Value =>
    graph.within("attention", () => attention(graph, block.attention, y, context.batch));
  const feed = (y: Value): Value =>
    graph.within("feed_forward", () => feedForward(graph, block.feedForward, y, context.activation));
  if (block.norm === "pre") {
    const attended = graph.node("Add", [x, attend(layerNorm(graph, block.attentionNorm, x))]);
    return graph.node("Add", [attended, feed(layerNorm(graph, block.feedForwardNorm, attended))]);
  }
  const attended = layerNorm(graph, block.attentionNorm, attend(x), x);
  return layerNorm(graph, block.feedForwardNorm, feed(attended), attended);
}

function feedForward(graph: Graph, part: FeedForward, x: Value, activation: string): Value {
  const inner = activate(graph, activation, linear(graph, part.expand, x));
  return linear(graph, part.contract, inner);
}
