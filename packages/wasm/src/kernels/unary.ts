import type { UnaryKind } from "@bertkit/tensor";
import { type Expression, f32x4, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { exp, log } from "./exponential.js";
import { gelu, geluSlope, geluTanh, geluTanhSlope } from "./gelu.js";
import { forEachVector } from "./lanes.js";
import { erf, sigmoid, tanh } from "./sigmoids.js";

/** One function a kind; `out` may be `x`. */
export type UnaryFunctions = Readonly<Record<`unary.${UnaryKind}`, (x: number, out: number, count: number) => void>>;

const signature = { x: "i32", out: "i32", count: "i32" } as const;

/** @returns the functions, each at its kind's `unaryNumber` − 1 */
export function emitUnary(module: ModuleBuilder): readonly Callable<typeof signature>[] {
  return Object.entries(unaryKernels).map(([kind, compute]) =>
    module.function(`unary.${kind}`, signature, (f, { x, out, count }) =>
      forEachVector(f, count, (offset, lanes) => {
        const value = f.let(v128.load(i32.add(x, offset)));
        lanes.store(i32.add(out, offset), compute(f, value));
      }),
    ),
  );
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
  relu: (_, x) => f32x4.larger(x, 0),
  step: (_, x) => v128.and(f32x4.greater(x, 0), 1),
  gelu,
  geluSlope,
  geluTanh,
  geluTanhSlope,
};

/** How kernels that apply one of these are told which: 0 is none. */
export const unaryNumber = (kind: UnaryKind | undefined): number =>
  kind === undefined ? 0 : 1 + Object.keys(unaryKernels).indexOf(kind);
