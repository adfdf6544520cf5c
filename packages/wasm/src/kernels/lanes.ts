import { type Expression, f32, f32x4, type I32, i32, i32x4, type V128, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";

/** How to treat one vector of a row: all four lanes, or the one to three that are left at its end. */
export interface Lanes {
  /** Stores the lanes that belong to the row, and nothing beyond. */
  store(address: I32, value: Expression<"v128">): void;
  /** `value`, with `neutral` in lanes beyond the row. */
  keep(value: Expression<"v128">, neutral: number): Expression<"v128">;
}

/**
 * Writes a loop over `count` floats: `body` gets a byte offset, and how to treat what is there. It is written twice, for
 * whole vectors and for the rest, from `offset` on (a multiple of 16). Loads may run past the row's end (memory goes on there), stores never do.
 */
export function forEachVector(
  f: FunctionBuilder,
  count: I32,
  body: (offset: Local<"i32">, lanes: Lanes) => void,
  offset: Local<"i32"> = f.let(i32.constant(0)),
): void {
  const end = f.let(i32.shiftLeft(i32.and(count, ~3), 2));
  f.while(i32.less(offset, end), () => {
    body(offset, wholeVector(f));
    f.increase(offset, 16);
  });
  const rest = f.let(i32.and(count, 3));
  f.if(rest, () => body(offset, partOfVector(f, rest)));
}

/** Where a vector of a row lies, and how to treat it. */
export interface Place {
  /** The vector at the row that begins at `base`. */
  load(base: Local<"i32">): Expression<"v128">;
  /** As of `Lanes`. */
  keep(value: Expression<"v128">, neutral: number): Expression<"v128">;
  /** 0, or 1 for the second of two neighbours that are computed together. */
  readonly side: 0 | 1;
}

/**
 * Writes to[i] = compute(i) over `count` floats, two neighbouring vectors at a time: all loads, then both results. So
 * an engine may make one operation of 256 bits of each pair. `to` may be what is loaded.
 */
export function mapVectors(
  f: FunctionBuilder,
  count: I32,
  to: Local<"i32">,
  compute: (place: Place) => Expression<"v128">,
): void {
  const offset = f.let(i32.constant(0));
  const end = f.let(i32.shiftLeft(i32.and(count, ~7), 2));
  f.while(i32.less(offset, end), () => {
    const target = f.let(i32.add(to, offset));
    const results = ([0, 1] as const).map((side) => {
      const load = (base: Local<"i32">) => v128.load(i32.add(base, offset), 16 * side);
      return f.let(compute({ load, keep: (value) => value, side }));
    });
    for (const [side, result] of results.entries()) f.store(target, result, 16 * side);
    f.increase(offset, 32);
  });
  forEachVector(
    f,
    count,
    (at, lanes) => {
      const load = (base: Local<"i32">) => v128.load(i32.add(base, at));
      lanes.store(i32.add(to, at), compute({ load, keep: lanes.keep, side: 0 }));
    },
    offset,
  );
}

/** Sums of `mapVectors`' two sides, at 0: with one, each addition would wait for the one before. */
export const twoSums = (f: FunctionBuilder): readonly [Local<"v128">, Local<"v128">] => [
  f.let(f32x4.splat(0)),
  f.let(f32x4.splat(0)),
];

export const totalOf = (f: FunctionBuilder, sums: ReturnType<typeof twoSums>): Expression<"f32"> =>
  sumOfLanes(f, f.let(f32x4.add(...sums)));

const wholeVector = (f: FunctionBuilder): Lanes => ({
  store: (address, value) => f.store(address, value),
  keep: (value) => value,
});

const partOfVector = (f: FunctionBuilder, rest: Local<"i32">): Lanes => ({
  store(address, value) {
    const vector = f.let(value);
    const to = f.let(i32.add(address, 0));
    f.if(
      i32.and(rest, 2),
      () => {
        f.storePair(to, vector);
        f.if(i32.and(rest, 1), () => f.storeLane(to, vector, 2, 8));
      },
      () => f.storeLane(to, vector, 0),
    );
  },
  keep: (value, neutral) =>
    v128.select(i32x4.lessSigned(i32x4.constant(0, 1, 2, 3), i32x4.splat(rest)), value, neutral),
});

/** Copies one row of 4-byte elements, vector by vector. */
export function copyRow(f: FunctionBuilder, from: Local<"i32">, to: Local<"i32">, count: I32): void {
  forEachVector(f, count, (offset, lanes) => lanes.store(i32.add(to, offset), v128.load(i32.add(from, offset))));
}

/** (lane 0 + lane 2) + (lane 1 + lane 3). */
export const sumOfLanes = (f: FunctionBuilder, x: Local<"v128">): Expression<"f32"> =>
  acrossLanes(f, x, f32x4.add, f32.add);

export const smallestLane = (f: FunctionBuilder, x: Local<"v128">): Expression<"f32"> =>
  acrossLanes(f, x, f32x4.smaller, f32.min);

export const largestLane = (f: FunctionBuilder, x: Local<"v128">): Expression<"f32"> =>
  acrossLanes(f, x, f32x4.larger, f32.max);

function acrossLanes(
  f: FunctionBuilder,
  x: Local<"v128">,
  vectors: (a: V128, b: V128) => Expression<"v128">,
  scalars: (a: Expression<"f32">, b: Expression<"f32">) => Expression<"f32">,
): Expression<"f32"> {
  const pair = f.let(vectors(x, v128.shuffle(x, x, [2, 3, 2, 3])));
  return scalars(f32.lane(pair, 0), f32.lane(pair, 1));
}
