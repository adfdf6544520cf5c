import type { UnaryKind } from "@bertkit/tensor";
import { type Expression, f32x4, i32, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { exp, log } from "./exponential.js";
import { forEachVector } from "./lanes.js";
import { erf, sigmoid, tanh } from "./sigmoids.js";

/** One function a kind; `out` may be `x`. */
export type UnaryFunctions = Readonly<Record<`unary.${UnaryKind}`, (x: number, out: number, count: number) => void>>;

export function emitUnary(module: ModuleBuilder): void {
  for (const [kind, compute] of Object.entries(unaryKernels)) {
    module.function(`unary.${kind}`, { x: "i32", out: "i32", count: "i32" }, (f, { x, out, count }) =>
      forEachVector(f, count, (offset, lanes) => {
        const value = f.let(v128.load(i32.add(x, offset)));
        lanes.store(i32.add(out, offset), compute(f, value));
      }),
    );
  }
}

const unaryKernels: Readonly<Record<UnaryKind, (f: FunctionBuilder, x: Local<"v128">) => Expression<"v128">>> = {
  negate: (_, x) => f32x4.negate(x),
  exp,
  log,
  sqrt: (_, x) => f32x4.sqrt(x),
  reciprocal: (_, x) => f32x4.divide(1, x),
  tanh,
  sigmoid,
  erf,
  relu: (_, x) => f32x4.greaterOf(x, 0),
  step: (_, x) => v128.and(f32x4.greater(x, 0), 1),
  gelu: (f, x) => f32x4.multiply(x, probability(f, x)),
  geluSlope(f, given) {
    const x = bounded(f, given);
    const density = f32x4.multiply(exp(f, f32x4.multiply(f32x4.multiply(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return f.multiplyAdd(density, x, probability(f, x));
  },
  geluTanh: (f, x) => f32x4.multiply(f32x4.multiply(x, 0.5), f32x4.add(tanh(f, inner(f, x)), 1)),
  geluTanhSlope(f, given) {
    const x = bounded(f, given);
    const t = f.let(tanh(f, inner(f, x)));
    const slopeOfTanh = f32x4.subtract(1, f32x4.multiply(t, t));
    const slopeOfInner = f.multiplyAdd(f32x4.multiply(x, x), 3 * cubic * rootTwoOverPi, rootTwoOverPi);
    const both = f32x4.multiply(f32x4.multiply(slopeOfTanh, slopeOfInner), x);
    return f32x4.multiply(f32x4.add(f32x4.add(t, 1), both), 0.5);
  },
};

const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** Φ(x), the normal distribution's cumulative probability. */
const probability = (f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> =>
  f.multiplyAdd(erf(f, f32x4.multiply(x, Math.SQRT1_2)), 0.5, 0.5);

/** √(2/π) · (x + 0.044715 x³). */
function inner(f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> {
  const factor = f.multiplyAdd(f32x4.multiply(x, x), cubic * rootTwoOverPi, rootTwoOverPi);
  return f32x4.multiply(factor, x);
}

/** A slope of GELU is 0 or 1 beyond ±30; without the bound an infinity times 0 would give NaN. */
const bounded = (f: FunctionBuilder, x: Local<"v128">): Local<"v128"> =>
  f.let(f32x4.greaterOf(f32x4.lesser(x, 30), -30));
