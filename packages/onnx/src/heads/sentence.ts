import { Dense, type SentenceEmbedding } from "@bertkit/heads";
import { ownNames } from "@bertkit/layers";
import { activate, nameOfActivation } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";
import { pool } from "./poolings.js";

/** A vector and its width. */
interface Vectors {
  /** [batch, width] */
  readonly value: Value;
  readonly width: number;
}

/**
 * Each text's vector, `sentence_embedding` [batch, its width], beside the hidden states, `last_hidden_state`
 * [batch, length, width]. Throws `ShapeError` where the parts do not follow from another.
 */
export function sentenceVectors(graph: Graph, embedding: SentenceEmbedding, encoded: Encoded): void {
  const { batch, hidden, width } = encoded;
  const { poolings, stages } = embedding;
  graph.output("last_hidden_state", asRows(graph, batch, hidden, width), [extents.batch, extents.length, width]);
  graph.name(embedding.parameters(), ownNames);
  const start = graph.within("pooling", () => {
    const pooled = poolings.map((mode) => pool(graph, mode, encoded));
    return joined(graph, pooled);
  });
  const vectors = stages.reduce<Vectors>((x, stage, i) => graph.within(`stage.${i}`, () => addStage(graph, x, stage)), {
    value: start,
    width: width * poolings.length,
  });
  graph.output("sentence_embedding", vectors.value, [extents.batch, vectors.width]);
}

/** Several poolings side by side. */
const joined = (graph: Graph, poolings: readonly Value[]): Value =>
  poolings.length === 1 ? poolings[0]! : graph.node("Concat", poolings, { axis: -1 });

function addStage(graph: Graph, { value, width }: Vectors, stage: SentenceEmbedding["stages"][number]): Vectors {
  if (stage === "normalize") return { value: unitLength(graph, value), width };
  if (stage instanceof Dense) return denseLayer(graph, { value, width }, stage);
  const end = Math.min(width, stage.dimensions);
  const bounds = [[0], [end], [-1]].map((numbers) => graph.integers(numbers));
  return { value: graph.node("Slice", [value, ...bounds]), width: end };
}

/** activation(x · weightᵀ + bias), and x added where the layer does that. */
function denseLayer(graph: Graph, { value, width }: Vectors, layer: Dense): Vectors {
  expectWidth(layer.linear, width, "a Dense layer");
  const y = activate(graph, nameOfActivation(layer.activation), linear(graph, layer.linear, value));
  const added = layer.residual ? linear(graph, layer.residual, value) : value;
  return {
    value: layer.addsInput ? graph.node("Add", [y, added]) : y,
    width: layer.linear.weight.shape[0]!,
  };
}

// As `unitLength` of `tensor` has it.
const smallestSquare = 1e-24;

/** Each vector divided by its length; one of zeros stays zeros. [batch, width] → same */
function unitLength(graph: Graph, x: Value): Value {
  const squares = graph.node("ReduceSum", [graph.node("Mul", [x, x]), graph.integers([-1])]);
  const length = graph.node("Sqrt", [graph.node("Add", [squares, graph.float(smallestSquare)])]);
  return graph.node("Div", [x, length]);
}
