import { activationNamed, activationNames } from "@bertkit/layers";
import { type Activation, UnsupportedError } from "@bertkit/tensor";
import type { Graph, Value } from "./graph/graph.js";

/** Adds an element-wise function to a graph. */
type Subgraph = (graph: Graph, x: Value) => Value;

const operation =
  (op: string): Subgraph =>
  (graph, x) =>
    graph.node(op, [x]);

/** In the order in which ONNX Runtime knows it as one operation. */
const gelu: Subgraph = (graph, x) => {
  const erf = graph.node("Erf", [graph.node("Div", [x, graph.float(Math.SQRT2)])]);
  const twice = graph.node("Mul", [x, graph.node("Add", [erf, graph.float(1)])]);
  return graph.node("Mul", [twice, graph.float(0.5)]);
};

const geluTanh: Subgraph = (graph, x) => {
  const cube = graph.node("Mul", [x, graph.node("Mul", [x, x])]);
  const sum = graph.node("Add", [x, graph.node("Mul", [cube, graph.float(0.044715)])]);
  const tanh = graph.node("Tanh", [graph.node("Mul", [sum, graph.float(Math.sqrt(2 / Math.PI))])]);
  const half = graph.node("Mul", [x, graph.float(0.5)]);
  return graph.node("Mul", [half, graph.node("Add", [tanh, graph.float(1)])]);
};

const clippedGelu: Subgraph = (graph, x) => graph.node("Min", [gelu(graph, x), graph.float(10)]);

const silu: Subgraph = (graph, x) => graph.node("Mul", [x, graph.node("Sigmoid", [x])]);

const quickGelu: Subgraph = (graph, x) => {
  const scaled = graph.node("Mul", [x, graph.float(1.702)]);
  return graph.node("Mul", [x, graph.node("Sigmoid", [scaled])]);
};

const mish: Subgraph = (graph, x) => {
  const softplus = graph.node("Softplus", [x]);
  return graph.node("Mul", [x, graph.node("Tanh", [softplus])]);
};

const reluSquared: Subgraph = (graph, x) => {
  const y = graph.node("Relu", [x]);
  return graph.node("Mul", [y, y]);
};

const relu6: Subgraph = (graph, x) => graph.node("Clip", [x, graph.float(0), graph.float(6)]);

const leakyRelu: Subgraph = (graph, x) => graph.node("LeakyRelu", [x], { alpha: { float: 0.01 } });

const hardSwish: Subgraph = (graph, x) =>
  graph.node("Mul", [x, graph.node("HardSigmoid", [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })]);

const laplace: Subgraph = (graph, x) => {
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: checkpoints were trained with the rounded one
  const centred = graph.node("Sub", [x, graph.float(0.707107)]);
  const erf = graph.node("Erf", [graph.node("Div", [centred, graph.float(0.282095 * Math.SQRT2)])]);
  return graph.node("Mul", [graph.node("Add", [erf, graph.float(1)]), graph.float(0.5)]);
};

const sqrtSoftplus: Subgraph = (graph, x) => graph.node("Sqrt", [graph.node("Softplus", [x])]);

/** The subgraph of every activation in `layers`, by the names there. */
const subgraphs: ReadonlyMap<string, Subgraph> = new Map<string, Subgraph>([
  ["linear", (_, x) => x],
  ["relu", operation("Relu")],
  ["relu2", reluSquared],
  ["relu6", relu6],
  ["leaky_relu", leakyRelu],
  ["gelu", gelu],
  ["gelu_python", gelu],
  ["gelu_new", geluTanh],
  ["gelu_fast", geluTanh],
  ["gelu_pytorch_tanh", geluTanh],
  ["gelu_python_tanh", geluTanh],
  ["gelu_accurate", geluTanh],
  ["gelu_10", clippedGelu],
  ["quick_gelu", quickGelu],
  ["silu", silu],
  ["swish", silu],
  ["mish", mish],
  ["sigmoid", operation("Sigmoid")],
  ["tanh", operation("Tanh")],
  ["hardswish", hardSwish],
  ["laplace", laplace],
  ["sqrtsoftplus", sqrtSoftplus],
]);

/** The activation of this name over x, [...] → [...]. Throws `UnsupportedError` for one that has no subgraph. */
export function activate(graph: Graph, name: string, x: Value): Value {
  const subgraph = subgraphs.get(name);
  if (subgraph) return subgraph(graph, x);
  throw new UnsupportedError(`activation "${name}" has no form in ONNX; known: ${[...subgraphs.keys()].join(", ")}`);
}

/** What an activation is called. Throws `UnsupportedError` for a function that is none of those with a name. */
export function nameOfActivation(activation: Activation): string {
  const name = activationNames.find((known) => activationNamed(known) === activation);
  if (name !== undefined) return name;
  const found = activation.name === "" ? "a function without a name" : activation.name;
  throw new UnsupportedError(`${found} has no form in ONNX; known activations: ${activationNames.join(", ")}`);
}
