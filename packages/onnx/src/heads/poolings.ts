import type { PoolingMode } from "@bertkit/heads";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";

/** Hidden states as pooling reads them. */
interface Pooled {
  /** [batch, length, width] */
  readonly hidden: Value;
  /** int64 [batch, length] */
  readonly mask: Value;
  /** float32 [batch, length, 1]: 1 for a token, 0 for padding */
  readonly weights: Value;
  /** int64 [] */
  readonly length: Value;
}

/** One vector a sequence, spelled as sentence-transformers does. [tokens, width] → [batch, width] */
export function pool(graph: Graph, mode: PoolingMode, { batch, hidden, width }: Encoded): Value {
  const column = graph.node("Unsqueeze", [batch.mask, graph.integers([-1])]);
  return poolings[mode](graph, {
    hidden: asRows(graph, batch, hidden, width),
    mask: batch.mask,
    weights: graph.cast(column, "float32"),
    length: batch.length,
  });
}

const poolings: Readonly<Record<PoolingMode, (graph: Graph, rows: Pooled) => Value>> = {
  cls: (graph, { hidden }) => graph.node("Gather", [hidden, graph.integers(0)], { axis: 1 }),
  max: (graph, { hidden, weights }) => {
    const shown = graph.node("Where", [graph.cast(weights, "bool"), hidden, graph.float(unseen)]);
    return graph.node("ReduceMax", [shown], { axes: [1], keepdims: 0 });
  },
  mean: (graph, { hidden, weights }) => weightedMean(graph, hidden, weights),
  mean_sqrt_len_tokens: (graph, { hidden, weights }) => {
    const root = graph.node("Sqrt", [countOf(graph, weights)]);
    return graph.node("Div", [sumOf(graph, graph.node("Mul", [hidden, weights])), root]);
  },
  weightedmean: (graph, { hidden, weights, length }) => {
    const end = graph.node("Add", [length, graph.integers(1)]);
    const places = graph.node("Range", [graph.integers(1), end, graph.integers(1)]);
    const column = graph.node("Unsqueeze", [graph.cast(places, "float32"), graph.integers([-1])]);
    return weightedMean(graph, hidden, graph.node("Mul", [weights, column]));
  },
  lasttoken: (graph, { hidden, mask, length }) => {
    const places = graph.node("Range", [graph.integers(0), length, graph.integers(1)]);
    const last = graph.node("ReduceMax", [graph.node("Mul", [mask, places])], { axes: [1], keepdims: 1 });
    return graph.node("GatherND", [hidden, last], { batch_dims: 1 });
  },
};

/** Below every hidden state, so that padding is no maximum. */
const unseen = -1e9;

/** Σ weight · hidden / Σ weight. [batch, length, width], [batch, length, 1] → [batch, width] */
function weightedMean(graph: Graph, hidden: Value, weights: Value): Value {
  return graph.node("Div", [sumOf(graph, graph.node("Mul", [hidden, weights])), countOf(graph, weights)]);
}

/** [batch, length, n] → [batch, n] */
const sumOf = (graph: Graph, x: Value): Value => graph.node("ReduceSum", [x, graph.integers([1])], { keepdims: 0 });

/** The sum of a sequence's weights; above 0 where it has no token, as in sentence-transformers. → [batch, 1] */
const countOf = (graph: Graph, weights: Value): Value => graph.node("Max", [sumOf(graph, weights), graph.float(1e-9)]);
