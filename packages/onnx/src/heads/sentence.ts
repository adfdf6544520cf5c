import type { Dense, SentenceStage } from "@bertkit/heads";
import { ownNames } from "@bertkit/layers";
import { type Activation, ShapeError } from "@bertkit/tensor";
import { activate, nameOfActivation } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";
import type { SentenceVectors } from "./onnx-head.js";
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
export function sentenceVectors(graph: Graph, { embedding, modules }: SentenceVectors, encoded: Encoded): void {
  const { batch, hidden, width } = encoded;
  graph.output("last_hidden_state", asRows(graph, batch, hidden, width), [extents.batch, extents.length, width]);
  graph.name(embedding, ownNames);
  const dense = embedding.dense.values();
  const start = graph.within("pooling", () =>
    joined(
      graph,
      modules.poolings.map((mode) => pool(graph, mode, encoded)),
    ),
  );
  const vectors = modules.stages.reduce<Vectors>(
    (x, stage, i) => graph.within(`stage.${i}`, () => addStage(graph, x, stage, dense)),
    { value: start, width: width * modules.poolings.length },
  );
  if (!dense.next().done) throw otherLayers("fewer");
  graph.output("sentence_embedding", vectors.value, [extents.batch, vectors.width]);
}

/** Several poolings side by side. */
const joined = (graph: Graph, poolings: readonly Value[]): Value =>
  poolings.length === 1 ? poolings[0]! : graph.node("Concat", poolings, { axis: -1 });

/** @param dense the layers whose turn has not come */
function addStage(graph: Graph, { value, width }: Vectors, stage: SentenceStage, dense: Iterator<Dense>): Vectors {
  if (stage === "normalize") return { value: unitLength(graph, value), width };
  if ("dimensions" in stage) {
    const end = Math.min(width, stage.dimensions);
    const bounds = [[0], [end], [-1]].map((numbers) => graph.integers(numbers));
    return { value: graph.node("Slice", [value, ...bounds]), width: end };
  }
  const layer = dense.next();
  if (layer.done) throw otherLayers("more");
  return denseLayer(graph, { value, width }, layer.value, stage);
}

const otherLayers = (amount: "fewer" | "more"): ShapeError =>
  new ShapeError(`the modules name ${amount} Dense layers than the embedding has: give those it was made of`);

/** activation(x · weightᵀ + bias), and x added where the layer does that. */
function denseLayer(
  graph: Graph,
  { value, width }: Vectors,
  layer: Dense,
  { activation, residual = false }: { readonly activation: Activation; readonly residual?: boolean },
): Vectors {
  expectWidth(layer.linear, width, "a Dense layer");
  const y = activate(graph, nameOfActivation(activation), linear(graph, layer.linear, value));
  const added = layer.residual ? linear(graph, layer.residual, value) : value;
  return { value: residual ? graph.node("Add", [y, added]) : y, width: layer.linear.weight.shape[0]! };
}

// As `unitLength` of `tensor` has it.
const smallestSquare = 1e-24;

/** Each vector divided by its length; one of zeros stays zeros. [batch, width] → same */
function unitLength(graph: Graph, x: Value): Value {
  const squares = graph.node("ReduceSum", [graph.node("Mul", [x, x]), graph.integers([-1])]);
  const length = graph.node("Sqrt", [graph.node("Add", [squares, graph.float(smallestSquare)])]);
  return graph.node("Div", [x, length]);
}
