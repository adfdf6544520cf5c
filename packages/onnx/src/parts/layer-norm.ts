import type { LayerNorm } from "@bertkit/layers";
import type { Graph, Value } from "../graph/graph.js";

/** x (+ residual, of the same shape) normalised over its last axis. [..., width] → same */
export function layerNorm(graph: Graph, part: LayerNorm, x: Value, residual?: Value): Value {
  const input = residual === undefined ? x : graph.node("Add", [x, residual]);
  const operands = [input, graph.parameter(part.weight), graph.parameter(part.bias)];
  return graph.node("LayerNormalization", operands, { axis: -1, epsilon: { float: part.epsilon } });
}
