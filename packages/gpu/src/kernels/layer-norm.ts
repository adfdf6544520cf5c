import type { FusedKernels, View } from "@bertkit/tensor";
import type { Block } from "../device/block-pool.js";
import type { Machine } from "../machine.js";
import { reductions } from "../wgsl/reduce.js";
import { remembered } from "../wgsl/remembered.js";
import { shader } from "../wgsl/shader.js";
import { rowsOf } from "./softmax.js";
import { sumLayers } from "./sum.js";

/** Layer normalisation of x + residual, and its gradient; a workgroup a row. */
export function layerNormKernels(machine: Machine): Pick<FusedKernels, "layerNorm"> {
  const forwardShader = remembered(makeForward);
  const slopesShader = remembered(makeSlopes);
  const operands = (x: View, residual: View | undefined) => {
    const block = machine.dense(x);
    return { x: block, residual: residual ? machine.dense(residual) : block };
  };
  return {
    layerNorm: {
      forward(x, residual, weight, bias, epsilon, out) {
        const { width, rows } = rowsOf(x);
        machine.run(
          forwardShader(residual !== undefined),
          {
            ...operands(x, residual),
            ...{ weight: machine.dense(weight), bias: machine.dense(bias), out: machine.dense(out) },
          },
          { width, epsilon },
          rows,
        );
      },
      backward(x, residual, weight, dy, epsilon, { dx, dWeight, dBias }) {
        const { width, rows } = rowsOf(x);
        const slopes = machine.dense(dy);
        using products = machine.scratch(width * rows);
        machine.run(
          slopesShader(residual !== undefined),
          {
            ...{ ...operands(x, residual), weight: machine.dense(weight), dy: slopes },
            ...{ out: machine.dense(dx), products: products.block },
          },
          { width, epsilon },
          rows,
        );
        const sumRows = (from: Block, to: View) =>
          sumLayers(machine, from, { outer: 1, count: rows, inner: width }, machine.dense(to));
        sumRows(products.block, dWeight);
        sumRows(slopes, dBias);
      },
    },
  };
}

const threads = 64;

const eachOfRow = (statement: string): string => `  for (var i = lane; i < p.width; i += ${threads}u) { ${statement} }`;

/** The mean of x + residual and the inverse of its deviation. */
const statistics = `  let row = group * p.width;
  var ownSum = 0.0;
${eachOfRow("ownSum += input(row + i);")}
  let mean = sumOfGroup(lane, ownSum) / f32(p.width);
  var ownSquares = 0.0;
${eachOfRow("let centred = input(row + i) - mean; ownSquares = fma(centred, centred, ownSquares);")}
  let inverse = 1.0 / sqrt(sumOfGroup(lane, ownSquares) / f32(p.width) + p.epsilon);`;

const inputFunction = (hasResidual: boolean): string =>
  `fn input(i: u32) -> f32 { return x[i]${hasResidual ? " + residual[i]" : ""}; }`;

const makeForward = (hasResidual: boolean) =>
  shader({
    name: "layerNorm",
    threads,
    reads: { x: "f32", residual: "f32", weight: "f32", bias: "f32" },
    writes: { out: "f32" },
    parameters: { width: "u32", epsilon: "f32" },
    declarations: reductions(threads) + inputFunction(hasResidual),
    body: `${statistics}
${eachOfRow("out[row + i] = fma((input(row + i) - mean) * inverse, weight[i], bias[i]);")}`,
  });

/** dx, and dy · normalised x, whose sums over rows are the gradient of the weight. */
const makeSlopes = (hasResidual: boolean) =>
  shader({
    name: "layerNorm gradient",
    threads,
    reads: { x: "f32", residual: "f32", weight: "f32", dy: "f32" },
    writes: { out: "f32", products: "f32" },
    parameters: { width: "u32", epsilon: "f32" },
    declarations: reductions(threads) + inputFunction(hasResidual),
    body: `${statistics}
  var ownSlopes = 0.0;
  var ownDot = 0.0;
${eachOfRow(`let slope = dy[row + i] * weight[i];
    let normal = (input(row + i) - mean) * inverse;
    products[row + i] = dy[row + i] * normal;
    ownSlopes += slope;
    ownDot = fma(slope, normal, ownDot);`)}
  let slopes = sumOfGroup(lane, ownSlopes) / f32(p.width);
  let dot = sumOfGroup(lane, ownDot) / f32(p.width);
${eachOfRow(`let normal = (input(row + i) - mean) * inverse;
    out[row + i] = inverse * (dy[row + i] * weight[i] - slopes - normal * dot);`)}`,
  });
