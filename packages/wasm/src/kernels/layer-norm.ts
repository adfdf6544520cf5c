import { f32, f32x4, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector, mapVectors, sumOfLanes } from "./lanes.js";

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
      const { mean, factor } = standardise(f, { ...p, sum: p.out });
      mapVectors(f, p.width, p.out, ({ load }) => {
        const normal = f32x4.multiply(f32x4.subtract(load(p.out), mean), factor);
        return f.multiplyAdd(normal, load(p.weight), load(p.bias));
      });
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
      const { mean, factor } = standardise(f, { ...p, sum: p.dx });
      const normalAt = (at: Local<"i32">) => f32x4.multiply(f32x4.subtract(v128.load(i32.add(p.dx, at)), mean), factor);
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
  /** Where x + residual is left. */
  readonly sum: Local<"i32">;
  readonly width: Local<"i32">;
  readonly epsilon: Local<"f32">;
}

/** One row's mean and 1 / √(variance + ε), each in all lanes; the variance from the centred row, not from squares. */
function standardise(f: FunctionBuilder, { x, residual, sum, width, epsilon }: Row) {
  const sums = f.let(f32x4.splat(0));
  const addUp = (element: (at: Local<"i32">) => ReturnType<typeof v128.load>) =>
    forEachVector(f, width, (at, lanes) => {
      const value = f.let(element(at));
      lanes.store(i32.add(sum, at), value);
      f.set(sums, f32x4.add(sums, lanes.keep(value, 0)));
    });
  f.if(
    residual,
    () => addUp((at) => f32x4.add(v128.load(i32.add(x, at)), v128.load(i32.add(residual, at)))),
    () => addUp((at) => v128.load(i32.add(x, at))),
  );
  const mean = mean4(f, sums, width);
  const squares = f.let(f32x4.splat(0));
  forEachVector(f, width, (at, lanes) => {
    const centred = f.let(lanes.keep(f32x4.subtract(v128.load(i32.add(sum, at)), mean), 0));
    f.set(squares, f.multiplyAdd(centred, centred, squares));
  });
  const variance = f32.divide(sumOfLanes(f, squares), f32.fromInteger(width));
  const factor = f.let(f32x4.splat(f32.divide(1, f32.sqrt(f32.add(variance, epsilon)))));
  return { mean, factor };
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
