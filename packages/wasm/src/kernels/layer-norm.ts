import { type Expression, f32, f32x4, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector, mapVectors, type Place, sumOfLanes, totalOf, twoSums } from "./lanes.js";

/** Layer normalisation (Ba et al. 2016) of x + residual; a residual at address 0 is none. All rows are dense. */
export interface LayerNormFunctions {
  layerNorm(
    x: number,
    residual: number,
    weight: number,
    bias: number,
    out: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  /** Fills `dx`, and adds to `dWeight` and `dBias`, row after row. */
  layerNormGradient(
    x: number,
    residual: number,
    weight: number,
    dy: number,
    dx: number,
    dWeight: number,
    dBias: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
}

export const layerNormSignature = {
  x: "i32",
  residual: "i32",
  weight: "i32",
  bias: "i32",
  out: "i32",
  rows: "i32",
  width: "i32",
  epsilon: "f32",
} as const;

export function emitLayerNorm(module: ModuleBuilder): Callable<typeof layerNormSignature> {
  return module.function("layerNorm", layerNormSignature, (f, p) =>
    f.count(p.rows, () => {
      const factor = standardise(f, { ...p, centred: p.out });
      mapVectors(f, p.width, p.out, ({ load }) =>
        f.multiplyAdd(f32x4.multiply(load(p.out), factor), load(p.weight), load(p.bias)),
      );
      nextRow(f, p.width, [p.x, p.out], p.residual);
    }),
  );
}

export function emitLayerNormGradient(module: ModuleBuilder): void {
  const gradient = {
    x: "i32",
    residual: "i32",
    weight: "i32",
    dy: "i32",
    dx: "i32",
    dWeight: "i32",
    dBias: "i32",
    rows: "i32",
    width: "i32",
    epsilon: "f32",
  } as const;
  module.function("layerNormGradient", gradient, (f, p) =>
    f.count(p.rows, () => {
      const factor = standardise(f, { ...p, centred: p.dx });
      const normalAt = (at: Local<"i32">) => f32x4.multiply(v128.load(i32.add(p.dx, at)), factor);
      const flows = f.let(f32x4.splat(0));
      const products = f.let(f32x4.splat(0));
      forEachVector(f, p.width, (at, lanes) => {
        const normal = f.let(normalAt(at));
        const dy = f.let(v128.load(i32.add(p.dy, at)));
        const flow = f.let(lanes.keep(f32x4.multiply(dy, v128.load(i32.add(p.weight, at))), 0));
        f.set(flows, f32x4.add(flows, flow));
        f.set(products, f32x4.add(products, lanes.keep(f32x4.multiply(flow, normal), 0)));
        const dWeight = f.let(i32.add(p.dWeight, at));
        const dBias = f.let(i32.add(p.dBias, at));
        lanes.store(dWeight, f.multiplyAdd(dy, normal, v128.load(dWeight)));
        lanes.store(dBias, f32x4.add(v128.load(dBias), dy));
      });
      const meanFlow = mean4(f, flows, p.width);
      const meanProduct = mean4(f, products, p.width);
      forEachVector(f, p.width, (at, lanes) => {
        const flow = f32x4.multiply(v128.load(i32.add(p.dy, at)), v128.load(i32.add(p.weight, at)));
        const own = f32x4.subtract(flow, meanFlow);
        const centred = f32x4.subtract(own, f32x4.multiply(normalAt(at), meanProduct));
        lanes.store(i32.add(p.dx, at), f32x4.multiply(centred, factor));
      });
      nextRow(f, p.width, [p.x, p.dy, p.dx], p.residual);
    }),
  );
}

interface Row {
  readonly x: Local<"i32">;
  readonly residual: Local<"i32">;
  /** Where x + residual − mean is left. */
  readonly centred: Local<"i32">;
  readonly width: Local<"i32">;
  readonly epsilon: Local<"f32">;
}

/** Centres one row; returns 1 / √(variance + ε) in all lanes. The variance is the centred row's, not from squares. */
function standardise(f: FunctionBuilder, { x, residual, centred, width, epsilon }: Row): Local<"v128"> {
  const sums = twoSums(f);
  const addUp = (element: (place: Place) => Expression<"v128">) =>
    mapVectors(f, width, centred, (place) => {
      const value = f.let(element(place));
      const sum = sums[place.side];
      f.set(sum, f32x4.add(sum, place.keep(value, 0)));
      return value;
    });
  f.if(
    residual,
    () => addUp(({ load }) => f32x4.add(load(x), load(residual))),
    () => addUp(({ load }) => load(x)),
  );
  const mean = f.let(f32x4.splat(f32.divide(totalOf(f, sums), f32.fromInteger(width))));
  const squares = twoSums(f);
  mapVectors(f, width, centred, ({ load, keep, side }) => {
    const value = f.let(f32x4.subtract(load(centred), mean));
    const kept = f.let(keep(value, 0));
    f.set(squares[side], f.multiplyAdd(kept, kept, squares[side]));
    return value;
  });
  const variance = f32.divide(totalOf(f, squares), f32.fromInteger(width));
  return f.let(f32x4.splat(f32.divide(1, f32.sqrt(f32.add(variance, epsilon)))));
}

const mean4 = (f: FunctionBuilder, sums: Local<"v128">, width: Local<"i32">): Local<"v128"> =>
  f.let(f32x4.splat(f32.divide(sumOfLanes(f, sums), f32.fromInteger(width))));

function nextRow(
  f: FunctionBuilder,
  width: Local<"i32">,
  addresses: readonly Local<"i32">[],
  residual: Local<"i32">,
): void {
  for (const address of addresses) f.increase(address, i32.shiftLeft(width, 2));
  f.if(residual, () => f.increase(residual, i32.shiftLeft(width, 2)));
}
