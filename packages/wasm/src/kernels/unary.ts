import type { UnaryKind } from "@bertkit/tensor";
import { type Expression, f32x4, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { exp, log } from "./exponential.js";
import { gelu, geluSlope, geluTanh, geluTanhSlope } from "./gelu.js";
import { mapVectors } from "./lanes.js";
import { erf, sigmoid, tanh } from "./sigmoids.js";

/** One function a kind; `out` may be `x`. */
export type UnaryFunctions = Readonly<Record<`unary.${UnaryKind}`, (x: number, out: number, count: number) => void>>;

const signature = { x: "i32", out: "i32", count: "i32" } as const;

export type UnaryCallable = Callable<typeof signature>;

/** The kinds that a model's hot layers use: compiled with the products where those are compiled differently. */
export const hotUnaryKinds = ["gelu", "geluTanh"] as const satisfies readonly UnaryKind[];

/** Long code that inference of a model hardly needs. */
const rareUnaryKinds = ["exp", "log", "erf", "geluSlope", "geluTanhSlope"] as const satisfies readonly UnaryKind[];

export function emitUnaryKind(module: ModuleBuilder, kind: UnaryKind): UnaryCallable {
  return module.function(`unary.${kind}`, signature, (f, { x, out, count }) =>
    mapVectors(f, count, out, ({ load }) => unaryKernels[kind](f, f.let(load(x)))),
  );
}

export const importUnaryKind = (module: ModuleBuilder, kind: UnaryKind): UnaryCallable =>
  module.import(`unary.${kind}`, signature);

/**
 * The kinds that inference of a model applies, but for the rare ones.
 * @param hot those that there are already
 * @returns the functions, each at its kind's `unaryNumber` − 1
 */
export function emitUnary(module: ModuleBuilder, hot: ReadonlyMap<string, UnaryCallable>): readonly UnaryCallable[] {
  return usualKinds.map((kind) => hot.get(kind) ?? emitUnaryKind(module, kind));
}

/** All other kinds. */
export function emitRareUnary(module: ModuleBuilder): void {
  for (const kind of rareUnaryKinds) emitUnaryKind(module, kind);
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

const usualKinds = (Object.keys(unaryKernels) as UnaryKind[]).filter((kind) => !isRare(kind));

export type RareUnaryKind = (typeof rareUnaryKinds)[number];

/** Whether a kind is one of the rare kernels. */
export function isRare(kind: UnaryKind): kind is RareUnaryKind {
  return (rareUnaryKinds as readonly UnaryKind[]).includes(kind);
}

/** How kernels that apply one of the usual kinds are told which: 0 is none. */
export const unaryNumber = (kind: Exclude<UnaryKind, RareUnaryKind> | undefined): number =>
  kind === undefined ? 0 : 1 + usualKinds.indexOf(kind);
