import { type Kernels, sizeOf, type View } from "@bertkit/tensor";
import type { Machine } from "../machine.js";
import { lowest, reductions } from "../wgsl/reduce.js";
import { shader } from "../wgsl/shader.js";

/** Softmax and its kin over the last axis, a workgroup a row. */
export function softmaxKernels(machine: Machine): Pick<Kernels, "softmax" | "softmaxGradient" | "logSoftmax"> {
  return {
    softmax(x, out) {
      const { width, rows } = rowsOf(x);
      machine.run(softmaxShader, { x: machine.dense(x), out: machine.dense(out) }, { width }, rows);
    },
    logSoftmax(x, out) {
      const { width, rows } = rowsOf(x);
      machine.run(logSoftmaxShader, { x: machine.dense(x), out: machine.dense(out) }, { width }, rows);
    },
    softmaxGradient(y, dy, out) {
      const { width, rows } = rowsOf(y);
      const arrays = { y: machine.dense(y), dy: machine.dense(dy), out: machine.dense(out) };
      machine.run(gradientShader, arrays, { width }, rows);
    },
  };
}

/** All axes but the last as rows. */
export function rowsOf({ shape }: View): { width: number; rows: number } {
  const width = shape.at(-1) ?? 1;
  return { width, rows: width === 0 ? 0 : sizeOf(shape) / width };
}

const threads = 64;

const eachOfRow = (statement: string): string => `  for (var i = lane; i < p.width; i += ${threads}u) { ${statement} }`;

const topAndSum = `  let row = group * p.width;
  var ownTop = ${lowest};
${eachOfRow("ownTop = max(ownTop, x[row + i]);")}
  let top = maxOfGroup(lane, ownTop);
  var ownSum = 0.0;
${eachOfRow("ownSum += exp(x[row + i] - top);")}
  let sum = sumOfGroup(lane, ownSum);`;

const softmaxShader = shader({
  name: "softmax",
  threads,
  reads: { x: "f32" },
  writes: { out: "f32" },
  parameters: { width: "u32" },
  declarations: reductions(threads),
  body: `${topAndSum}
${eachOfRow("out[row + i] = exp(x[row + i] - top) / sum;")}`,
});

const logSoftmaxShader = shader({
  name: "logSoftmax",
  threads,
  reads: { x: "f32" },
  writes: { out: "f32" },
  parameters: { width: "u32" },
  declarations: reductions(threads),
  body: `${topAndSum}
  let shift = top + log(sum);
${eachOfRow("out[row + i] = x[row + i] - shift;")}`,
});

const gradientShader = shader({
  name: "softmaxGradient",
  threads,
  reads: { y: "f32", dy: "f32" },
  writes: { out: "f32" },
  parameters: { width: "u32" },
  declarations: reductions(threads),
  body: `  let row = group * p.width;
  var own = 0.0;
${eachOfRow("own += y[row + i] * dy[row + i];")}
  let dot = sumOfGroup(lane, own);
${eachOfRow("out[row + i] = y[row + i] * (dy[row + i] - dot);")}`,
});
