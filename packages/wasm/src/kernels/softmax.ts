import { type Expression, f32, f32x4, type I32, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { expOfNegative, log } from "./exponential.js";
import { forEachVector, largestLane, mapVectors, sumOfLanes, totalOf, twoSums } from "./lanes.js";

export interface SoftmaxFunctions {
  /**
   * Softmax of scale · x along rows `stride` bytes apart, in `x` and `out`, which may be the same. The first row sees
   * its first `seen` elements, each next row `seenStep` more, but none less than 0 or more than `width`; the others are 0.
   */
  softmax(
    x: number,
    out: number,
    stride: number,
    rows: number,
    width: number,
    seen: number,
    seenStep: number,
    scale: number,
  ): void;
  /** y · (dy − Σ y·dy) along dense rows. */
  softmaxGradient(y: number, dy: number, out: number, rows: number, width: number): void;
  /** x − log Σ eˣ along dense rows. */
  logSoftmax(x: number, out: number, rows: number, width: number): void;
}

export const softmaxSignature = {
  x: "i32",
  out: "i32",
  stride: "i32",
  rows: "i32",
  width: "i32",
  seen: "i32",
  seenStep: "i32",
  scale: "f32",
} as const;

export function emitSoftmax(module: ModuleBuilder): Callable<typeof softmaxSignature> {
  return module.function("softmax", softmaxSignature, (f, p) => {
    const scale = f.let(f32x4.splat(p.scale));
    f.count(p.rows, () => {
      const count = f.let(p.seen);
      f.if(i32.greaterSigned(count, p.width), () => f.set(count, p.width));
      f.if(i32.lessSigned(count, 0), () => f.set(count, 0));
      softmaxRow(f, { x: p.x, out: p.out, count, scale });
      f.fillBytes(i32.add(p.out, i32.shiftLeft(count, 2)), 0, i32.shiftLeft(i32.subtract(p.width, count), 2));
      f.increase(p.x, p.stride);
      f.increase(p.out, p.stride);
      f.increase(p.seen, p.seenStep);
    });
  });
}

/** All but `softmax` itself. */
export function emitSoftmaxGradients(module: ModuleBuilder): void {
  const gradient = { y: "i32", dy: "i32", out: "i32", rows: "i32", width: "i32" } as const;
  module.function("softmaxGradient", gradient, (f, { y, dy, out, rows, width }) =>
    f.count(rows, () => {
      const products = f.let(f32x4.splat(0));
      forEachVector(f, width, (at, lanes) => {
        const product = f32x4.multiply(v128.load(i32.add(y, at)), v128.load(i32.add(dy, at)));
        f.set(products, f32x4.add(products, lanes.keep(product, 0)));
      });
      const dot = f.let(f32x4.splat(sumOfLanes(f, products)));
      forEachVector(f, width, (at, lanes) => {
        const rest = f32x4.subtract(v128.load(i32.add(dy, at)), dot);
        lanes.store(i32.add(out, at), f32x4.multiply(v128.load(i32.add(y, at)), rest));
      });
      for (const address of [y, dy, out]) f.increase(address, i32.shiftLeft(width, 2));
    }),
  );

  module.function("logSoftmax", { x: "i32", out: "i32", rows: "i32", width: "i32" }, (f, { x, out, rows, width }) =>
    f.count(rows, () => {
      const top = largest(f, width, (at) => v128.load(i32.add(x, at)));
      const sums = f.let(f32x4.splat(0));
      forEachVector(f, width, (at, lanes) => {
        const value = f.let(expOfNegative(f, f32x4.subtract(v128.load(i32.add(x, at)), top)));
        f.set(sums, f32x4.add(sums, lanes.keep(value, 0)));
      });
      const logOfSum = f.let(log(f, f32x4.splat(sumOfLanes(f, sums))));
      forEachVector(f, width, (at, lanes) => {
        const shifted = f32x4.subtract(v128.load(i32.add(x, at)), top);
        lanes.store(i32.add(out, at), f32x4.subtract(shifted, logOfSum));
      });
      for (const address of [x, out]) f.increase(address, i32.shiftLeft(width, 2));
    }),
  );
}

interface Row {
  readonly x: Local<"i32">;
  readonly out: Local<"i32">;
  readonly count: Local<"i32">;
  readonly scale: Local<"v128">;
}

function softmaxRow(f: FunctionBuilder, { x, out, count, scale }: Row): void {
  const scaled = (at: Local<"i32">) => f32x4.multiply(v128.load(i32.add(x, at)), scale);
  const top = largest(f, count, scaled);
  const sums = twoSums(f);
  mapVectors(f, count, out, ({ load, keep, side }) => {
    const value = f.let(expOfNegative(f, f32x4.subtract(f32x4.multiply(load(x), scale), top)));
    f.set(sums[side], f32x4.add(sums[side], keep(value, 0)));
    return value;
  });
  const factor = f.let(f32x4.splat(f32.divide(1, totalOf(f, sums))));
  mapVectors(f, count, out, ({ load }) => f32x4.multiply(load(out), factor));
}

/** The largest of a row's elements, in all lanes. Two vectors at a time, because each maximum waits for the one before. */
function largest(f: FunctionBuilder, count: I32, element: (at: Local<"i32">) => Expression<"v128">): Local<"v128"> {
  const even = f.let(f32x4.splat(Number.NEGATIVE_INFINITY));
  const odd = f.let(even);
  const offset = f.let(i32.constant(0));
  const end = f.let(i32.shiftLeft(i32.and(count, ~7), 2));
  f.while(i32.less(offset, end), () => {
    f.set(even, f32x4.larger(even, element(offset)));
    f.increase(offset, 16);
    f.set(odd, f32x4.larger(odd, element(offset)));
    f.increase(offset, 16);
  });
  f.set(even, f32x4.larger(even, odd));
  forEachVector(
    f,
    count,
    (at, lanes) => f.set(even, f32x4.larger(even, lanes.keep(element(at), Number.NEGATIVE_INFINITY))),
    offset,
  );
  return f.let(f32x4.splat(largestLane(f, even)));
}
