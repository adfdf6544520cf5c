import { f32x4 } from "../emit/expression.js";
import { ModuleBuilder } from "../emit/module-builder.js";
import { emitAttentionJob } from "../jobs/attention-job.js";
import type { ChunkCallable } from "../jobs/job.js";
import { type JobName, jobNames } from "../jobs/jobs.js";
import { emitLayerNormJob } from "../jobs/layer-norm-job.js";
import { emitProductJob } from "../jobs/product-job.js";
import { emitQuantizeJob } from "../jobs/quantize-job.js";
import { emitQuantizedProductJob } from "../jobs/quantized-product-job.js";
import { emitPool, type PoolFunctions } from "../pool/emit-pool.js";
import { type AdamwFunctions, emitAdamw } from "./adamw.js";
import { type BinaryFunctions, emitBinary } from "./binary.js";
import { type BlockFunctions, emitBlocks } from "./blocks.js";
import { type DequantizeFunctions, dequantizeSignature, emitDequantize } from "./dequantize.js";
import { type DropoutFunctions, emitDropout } from "./dropout.js";
import { emitGemm, type GemmFunctions, gemmSignature, type Tile } from "./gemm.js";
import { emitLayerNorm, emitLayerNormGradient, type LayerNormFunctions } from "./layer-norm.js";
import { emitPanels, type PanelFunctions } from "./panels.js";
import { emitProduct } from "./product.js";
import { emitQuantize, type QuantizeFunctions } from "./quantize.js";
import {
  emitQuantizedGemm,
  type QuantizedGemmFunctions,
  type QuantizedTile,
  quantizedGemmSignature,
} from "./quantized-gemm.js";
import { emitSoftmax, emitSoftmaxGradients, type SoftmaxFunctions, softmaxSignature } from "./softmax.js";
import {
  emitRareUnary,
  emitUnary,
  emitUnaryKind,
  hotUnaryKinds,
  importUnaryKind,
  type RareUnaryKind,
  type UnaryFunctions,
} from "./unary.js";

/** What inference of a model needs: addresses in bytes, extents in elements. */
export type KernelFunctions = BinaryFunctions &
  BlockFunctions &
  Pick<LayerNormFunctions, "layerNorm"> &
  PanelFunctions &
  PoolFunctions &
  QuantizeFunctions &
  Pick<SoftmaxFunctions, "softmax"> &
  Omit<UnaryFunctions, RareUnaryFunction>;

/** What training needs besides, and functions that inference hardly uses. */
export type RareFunctions = AdamwFunctions &
  DropoutFunctions &
  Omit<LayerNormFunctions, "layerNorm"> &
  Omit<SoftmaxFunctions, "softmax"> &
  Pick<UnaryFunctions, RareUnaryFunction>;

type RareUnaryFunction = `unary.${RareUnaryKind}`;

/** How products of int8 weights are computed. The integers are the same in every way. */
export interface QuantizedEngine {
  /** Whether levels go in bytes, where the engine multiplies unsigned by signed ones, else in 16-bit integers. */
  readonly byteLevels: boolean;
  readonly tile: QuantizedTile;
}

/** What the kernels are made for. */
export interface Engine {
  /** Whether a · b + c is one instruction ("relaxed SIMD"). */
  readonly fused: boolean;
  readonly tile: Tile;
  readonly quantized: QuantizedEngine;
  /** Whether threads share the memory. */
  readonly shared: boolean;
}

/**
 * A WebAssembly module with the kernels that inference needs.
 * @param hot where most of the time goes: "own" functions, or "imported", those of a module of `emitHotKernels`
 */
export function emitKernels(engine: Engine, hot: "own" | "imported"): Uint8Array<ArrayBuffer> {
  const { tile, quantized } = engine;
  const module = moduleFor(engine);
  const {
    gemm,
    quantizedGemm,
    softmax,
    dequantize,
    unary: hotUnary,
  } = hot === "own" ? emitHotFunctions(module, engine) : importHotFunctions(module);
  const blocks = emitBlocks(module);
  const panels = emitPanels(module, blocks);
  const product = emitProduct(module, tile, gemm, blocks);
  const unary = emitUnary(module, hotUnary);
  emitBinary(module);
  const layerNorm = emitLayerNorm(module);
  const quantizeRows = emitQuantize(module, quantized.byteLevels);
  const chunks: Readonly<Record<JobName, ChunkCallable>> = {
    product: emitProductJob(module, product, unary),
    attention: emitAttentionJob(module, { panels, product, softmax, panelWidth: tile.columns }),
    layerNorm: emitLayerNormJob(module, layerNorm),
    quantize: emitQuantizeJob(module, quantizeRows),
    quantizedProduct: emitQuantizedProductJob(module, {
      ...{ tile: quantized.tile, gemm: quantizedGemm, dequantize, blocks, unary },
    }),
  };
  emitPool(
    module,
    jobNames.map((name) => chunks[name]),
  );
  return module.finish();
}

/** A WebAssembly module with the other kernels: who never trains never pays for them. */
export function emitRareKernels(engine: Engine): Uint8Array<ArrayBuffer> {
  const module = moduleFor(engine);
  emitRareUnary(module);
  emitSoftmaxGradients(module);
  emitLayerNormGradient(module);
  emitDropout(module);
  emitAdamw(module);
  return module.finish("rare kernels");
}

/** A WebAssembly module with only the kernels in which most of the time goes, for another way to compile them. */
export function emitHotKernels(engine: Engine): { finish(name: string): Uint8Array<ArrayBuffer> } {
  const module = moduleFor(engine);
  emitHotFunctions(module, engine);
  return module;
}

/** What a module of `emitHotKernels` exports. */
export type HotFunctions = GemmFunctions &
  QuantizedGemmFunctions &
  DequantizeFunctions &
  Pick<SoftmaxFunctions, "softmax"> &
  Pick<UnaryFunctions, `unary.${(typeof hotUnaryKinds)[number]}`>;

const emitHotFunctions = (module: ModuleBuilder, { tile, quantized }: Engine) => ({
  gemm: emitGemm(module, tile),
  quantizedGemm: emitQuantizedGemm(module, quantized.tile, quantized.byteLevels),
  softmax: emitSoftmax(module),
  dequantize: emitDequantize(module),
  unary: new Map(hotUnaryKinds.map((kind) => [kind, emitUnaryKind(module, kind)])),
});

const importHotFunctions = (module: ModuleBuilder): ReturnType<typeof emitHotFunctions> => ({
  gemm: module.import("gemm", gemmSignature),
  quantizedGemm: module.import("quantizedGemm", quantizedGemmSignature),
  softmax: module.import("softmax", softmaxSignature),
  dequantize: module.import("dequantize", dequantizeSignature),
  unary: new Map(hotUnaryKinds.map((kind) => [kind, importUnaryKind(module, kind)])),
});

const moduleFor = ({ fused, shared }: Engine): ModuleBuilder =>
  new ModuleBuilder(fused ? f32x4.relaxedMultiplyAdd : (a, b, c) => f32x4.add(f32x4.multiply(a, b), c), shared);
