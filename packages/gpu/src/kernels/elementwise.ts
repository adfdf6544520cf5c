import { type Kernels, keepThreshold, sizeOf, type UnaryKind } from "@bertkit/tensor";
import { wordsOf } from "../gpu-buffer.js";
import type { Machine } from "../machine.js";
import { unaryExpressions, unaryFunctions } from "../wgsl/functions.js";
import { remembered } from "../wgsl/remembered.js";
import { shader } from "../wgsl/shader.js";

/** Kernels that compute each element from those at its own place. */
export function elementwiseKernels(machine: Machine): Pick<Kernels, "fill" | "unary" | "dropout" | "adamw"> {
  const unary = remembered(unaryShader);
  const unaryInPlace = remembered(unaryInPlaceShader);
  return {
    fill(value, out) {
      const size = wordsOf(sizeOf(out.shape), out.dtype);
      machine.runEach(fillShader, { out: machine.words(out) }, { size, value: wordFilledWith(value, out.dtype) });
    },
    unary(kind, x, out) {
      const [from, to, size] = [machine.dense(x), machine.dense(out), sizeOf(out.shape)];
      if (from === to) machine.runEach(unaryInPlace(kind), { out: to }, { size });
      else machine.runEach(unary(kind), { x: from, out: to }, { size });
    },
    dropout(x, rate, seed, out) {
      machine.runEach(
        dropoutShader,
        { x: machine.dense(x), out: machine.dense(out) },
        { size: sizeOf(out.shape), seed, threshold: keepThreshold(rate), kept: 1 - rate },
      );
    },
    adamw(parameter, gradient, mean, variance, { rate, beta1, beta2, epsilon, decay, count }) {
      machine.runEach(
        adamwShader,
        {
          gradient: machine.dense(gradient),
          parameter: machine.dense(parameter),
          mean: machine.dense(mean),
          variance: machine.dense(variance),
        },
        {
          size: sizeOf(parameter.shape),
          ...{ rate, beta1, beta2, epsilon, decay },
          fresh1: 1 - beta1,
          fresh2: 1 - beta2,
          meanScale: count === 0 ? 1 : 1 / (1 - beta1 ** count),
          varianceScale: count === 0 ? 1 : 1 / (1 - beta2 ** count),
        },
      );
    },
  };
}

const threads = 256;
const ownElement = `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }`;

/** The word that such elements make. */
function wordFilledWith(value: number, dtype: "float32" | "int32" | "int8"): number {
  if (dtype === "float32") return new Uint32Array(Float32Array.of(value).buffer)[0]!;
  return dtype === "int32" ? value >>> 0 : ((value & 0xff) * 0x01010101) >>> 0;
}

const fillShader = shader({
  name: "fill",
  threads,
  reads: {},
  writes: { out: "u32" },
  parameters: { size: "u32", value: "u32" },
  body: `${ownElement}
  out[i] = p.value;`,
});

function unaryShader(kind: UnaryKind) {
  return shader({
    name: kind,
    threads,
    reads: { x: "f32" },
    writes: { out: "f32" },
    parameters: { size: "u32" },
    declarations: computing(kind),
    body: `${ownElement}
  out[i] = compute(x[i]);`,
  });
}

/** An array cannot be bound twice where it is written. */
function unaryInPlaceShader(kind: UnaryKind) {
  return shader({
    name: `${kind} in place`,
    threads,
    reads: {},
    writes: { out: "f32" },
    parameters: { size: "u32" },
    declarations: computing(kind),
    body: `${ownElement}
  out[i] = compute(out[i]);`,
  });
}

const computing = (kind: UnaryKind): string =>
  `${unaryFunctions}fn compute(x: f32) -> f32 { return ${unaryExpressions[kind]}; }`;

// The mixing steps are those of the tensor package's `hash`.
const dropoutShader = shader({
  name: "dropout",
  threads,
  reads: { x: "f32" },
  writes: { out: "f32" },
  parameters: { size: "u32", seed: "u32", threshold: "u32", kept: "f32" },
  declarations: `
fn mix(value: u32) -> u32 {
  var x = (value ^ (value >> 16u)) * 0x21f0aaadu;
  x = (x ^ (x >> 15u)) * 0x735a2d97u;
  return x ^ (x >> 15u);
}`,
  body: `${ownElement}
  let keeps = (mix(mix(i) + p.seed) >> 8u) >= p.threshold;
  out[i] = select(0.0, x[i] / p.kept, keeps);`,
});

const adamwShader = shader({
  name: "adamw",
  threads,
  reads: { gradient: "f32" },
  writes: { parameter: "f32", mean: "f32", variance: "f32" },
  parameters: {
    size: "u32",
    rate: "f32",
    beta1: "f32",
    beta2: "f32",
    fresh1: "f32",
    fresh2: "f32",
    epsilon: "f32",
    decay: "f32",
    meanScale: "f32",
    varianceScale: "f32",
  },
  body: `${ownElement}
  let slope = gradient[i];
  let m = p.beta1 * mean[i] + p.fresh1 * slope;
  let v = p.beta2 * variance[i] + p.fresh2 * slope * slope;
  mean[i] = m;
  variance[i] = v;
  let step = m * p.meanScale / (sqrt(v * p.varianceScale) + p.epsilon);
  parameter[i] -= p.rate * (step + p.decay * parameter[i]);`,
});
