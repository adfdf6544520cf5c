import { f32x4, i32, v128 } from "../emit/expression.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector } from "./lanes.js";

export interface AdamwFunctions {
  /**
   * One step of AdamW in place. Moments: new = kept · old + fresh · (gradient, or its square); then the parameter loses
   * rate · (scaled mean / (√(scaled variance) + ε) + decay · itself).
   */
  adamw(
    parameter: number,
    gradient: number,
    mean: number,
    variance: number,
    count: number,
    meanKept: number,
    meanFresh: number,
    varianceKept: number,
    varianceFresh: number,
    meanScale: number,
    varianceScale: number,
    epsilon: number,
    rate: number,
    decay: number,
  ): void;
}

const signature = {
  parameter: "i32",
  gradient: "i32",
  mean: "i32",
  variance: "i32",
  count: "i32",
  meanKept: "f32",
  meanFresh: "f32",
  varianceKept: "f32",
  varianceFresh: "f32",
  meanScale: "f32",
  varianceScale: "f32",
  epsilon: "f32",
  rate: "f32",
  decay: "f32",
} as const;

export function emitAdamw(module: ModuleBuilder): void {
  module.function("adamw", signature, (f, p) => {
    const meanKept = f.let(f32x4.splat(p.meanKept));
    const meanFresh = f.let(f32x4.splat(p.meanFresh));
    const varianceKept = f.let(f32x4.splat(p.varianceKept));
    const varianceFresh = f.let(f32x4.splat(p.varianceFresh));
    const meanScale = f.let(f32x4.splat(p.meanScale));
    const varianceScale = f.let(f32x4.splat(p.varianceScale));
    const epsilon = f.let(f32x4.splat(p.epsilon));
    const rate = f.let(f32x4.splat(p.rate));
    const decay = f.let(f32x4.splat(p.decay));
    forEachVector(f, p.count, (at, lanes) => {
      const gradient = f.let(v128.load(i32.add(p.gradient, at)));
      const meanAt = f.let(i32.add(p.mean, at));
      const mean = f.let(f.multiplyAdd(v128.load(meanAt), meanKept, f32x4.multiply(gradient, meanFresh)));
      lanes.store(meanAt, mean);
      const varianceAt = f.let(i32.add(p.variance, at));
      const square = f32x4.multiply(f32x4.multiply(gradient, gradient), varianceFresh);
      const variance = f.let(f.multiplyAdd(v128.load(varianceAt), varianceKept, square));
      lanes.store(varianceAt, variance);
      const spread = f32x4.add(f32x4.sqrt(f32x4.multiply(variance, varianceScale)), epsilon);
      const step = f32x4.divide(f32x4.multiply(mean, meanScale), spread);
      const parameterAt = f.let(i32.add(p.parameter, at));
      const parameter = f.let(v128.load(parameterAt));
      lanes.store(parameterAt, f32x4.subtract(parameter, f32x4.multiply(f.multiplyAdd(parameter, decay, step), rate)));
    });
  });
}
