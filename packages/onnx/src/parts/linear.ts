import { type Linear, QuantizedLinear } from "@bertkit/layers";
import type { Graph, Value } from "../graph/graph.js";
import { quantizedLinear } from "./quantized-linear.js";

/** x · weightᵀ + bias, as the part has it: in float32, or in int8. [rows, inputs] → [rows, outputs] */
export function linear(graph: Graph, part: Linear, x: Value): Value {
  if (part instanceof QuantizedLinear) return quantizedLinear(graph, part, x);
  const operands = [x, graph.parameter(part.weight)];
  if (part.bias) operands.push(graph.parameter(part.bias));
  return graph.node("Gemm", operands, { transB: 1 });
}
