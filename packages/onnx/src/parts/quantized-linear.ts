import type { QuantizedLinear } from "@bertkit/layers";
import type { Parameter, Values } from "@bertkit/tensor";
import type { Graph, Value } from "../graph/graph.js";

/**
 * The same levels and sums as `quantizedLinear` of `tensor` (docs/int8.md, "Arithmetic"): every row of x in 256 levels of
 * its own, whole numbers multiplied and summed, then scaled once. [rows, inputs] → [rows, outputs]
 */
export function quantizedLinear(graph: Graph, part: QuantizedLinear, x: Value): Value {
  const { levels, zero, step } = quantizeRows(graph, x);
  const { weight, sums } = storeWeight(graph, part.weight);
  const product = graph.node("MatMulInteger", [levels, weight]);
  const total = graph.node("Sub", [product, graph.node("Mul", [zero, sums])]);
  const scales = graph.node("Mul", [step, graph.parameter(part.scale)]);
  const scaled = graph.node("Mul", [graph.cast(total, "float32"), scales]);
  return part.bias ? graph.node("Add", [scaled, graph.parameter(part.bias)]) : scaled;
}

/** levels uint8 [rows, width]; zero int32 and step float32 [rows, 1]. A row whose step has no inverse is all zeros. */
function quantizeRows(graph: Graph, x: Value): { levels: Value; zero: Value; step: Value } {
  const nought = graph.float(0);
  const low = graph.node("Min", [graph.node("ReduceMin", [x], { axes: [-1] }), nought]);
  const high = graph.node("Max", [graph.node("ReduceMax", [x], { axes: [-1] }), nought]);
  const range = graph.node("Div", [graph.node("Sub", [high, low]), graph.float(255)]);
  const quotient = graph.node("Div", [graph.float(1), range]);
  const isFlat = graph.node("IsInf", [quotient]);
  const inverse = graph.node("Where", [isFlat, nought, quotient]);
  const zero = graph.node("Round", [graph.node("Mul", [graph.node("Neg", [low]), inverse])]);
  const rounded = graph.node("Round", [graph.node("Mul", [x, inverse])]);
  const clipped = graph.node("Clip", [graph.node("Add", [rounded, zero]), nought, graph.float(255)]);
  return {
    levels: graph.cast(clipped, "uint8"),
    zero: graph.cast(zero, "int32"),
    step: graph.node("Where", [isFlat, nought, range]),
  };
}

/** int8 [inputs, outputs], as MatMulInteger takes it, and int32 [outputs]: the sum of each output's levels. */
function storeWeight(graph: Graph, parameter: Parameter): { weight: Value; sums: Value } {
  const name = graph.nameOf(parameter);
  const [outputs, inputs] = parameter.shape as readonly [number, number];
  return {
    weight: graph.array(`${name}_transposed`, "int8", [inputs, outputs], async () =>
      transposed(await parameter.read(), outputs, inputs),
    ),
    sums: graph.array(`${name}_sums`, "int32", [outputs], async () => rowSums(await parameter.read(), outputs, inputs)),
  };
}

function transposed(levels: Values, rows: number, columns: number): Int8Array {
  const turned = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = levels[row * columns + column]!;
  }
  return turned;
}

function rowSums(levels: Values, rows: number, columns: number): Int32Array {
  const sums = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) sums[row]! += levels[row * columns + column]!;
  }
  return sums;
}
