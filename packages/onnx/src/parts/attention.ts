import type { MultiHeadAttention } from "@bertkit/layers";
import type { Graph, Value } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { linear } from "./linear.js";

/** Multi-head attention within each sequence, at the tokens that the mask lets be seen. [tokens, width] → same */
export function attention(graph: Graph, part: MultiHeadAttention, x: Value, batch: PaddedBatch): Value {
  const width = part.query.weight.shape[0]!;
  const headWidth = width / part.heads;
  const headShape = graph.node("Concat", [batch.shape, graph.integers([part.heads, headWidth])], { axis: 0 });
  // [tokens, width] → [batch, heads, length, headWidth], or the last two exchanged
  const split = (y: Value, perm: readonly number[]): Value =>
    graph.node("Transpose", [graph.node("Reshape", [y, headShape])], { perm });
  const query = split(linear(graph, part.query, x), [0, 2, 1, 3]);
  const key = split(linear(graph, part.key, x), [0, 2, 3, 1]);
  const value = split(linear(graph, part.value, x), [0, 2, 1, 3]);

  const scores = graph.node("Mul", [graph.node("MatMul", [query, key]), graph.float(1 / Math.sqrt(headWidth))]);
  const masked = graph.node("Add", [scores, attentionBias(graph, batch, part.causal)]);
  const mixed = graph.node("MatMul", [graph.node("Softmax", [masked], { axis: -1 }), value]);

  const together = graph.node("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  return linear(graph, part.output, graph.node("Reshape", [together, graph.integers([-1, width])]));
}

/**
 * Small enough that a softmax gives such a token nothing, and finite: where a sequence has no token at all, its scores
 * are all alike instead of NaN.
 */
const unseen = -1e9;

/** 0 where a query's token sees a key's, `unseen` elsewhere. [batch, 1, 1 or length, length] */
function attentionBias(graph: Graph, { mask, length }: PaddedBatch, causal: boolean): Value {
  const isToken = graph.node("Unsqueeze", [graph.cast(mask, "bool"), graph.integers([1, 2])]);
  let seen = isToken;
  if (causal) {
    const places = graph.node("Range", [graph.integers(0), length, graph.integers(1)]);
    const queries = graph.node("Unsqueeze", [places, graph.integers([1])]);
    seen = graph.node("And", [isToken, graph.node("LessOrEqual", [places, queries])]);
  }
  return graph.node("Where", [seen, graph.float(0), graph.float(unseen)]);
}
