import { f32x4 } from "../emit/expression.js";
import { ModuleBuilder } from "../emit/module-builder.js";
import { emitAttentionJob } from "../jobs/attention-job.js";
import type { ChunkCallable } from "../jobs/job.js";
import { type JobName, jobNames } from "../jobs/jobs.js";
import { emitLayerNormJob } from "../jobs/layer-norm-job.js";
import { emitProductJob } from "../jobs/product-job.js";
import { emitPool, type PoolFunctions } from "../pool/emit-pool.js";
import { type AdamwFunctions, emitAdamw } from "./adamw.js";
import { type BinaryFunctions, emitBinary } from "./binary.js";
import { type BlockFunctions, emitBlocks } from "./blocks.js";
import { type DropoutFunctions, emitDropout } from "./dropout.js";
import { emitGemm, gemmSignature, type Tile } from "./gemm.js";
import { emitLayerNorm, type LayerNormFunctions } from "./layer-norm.js";
import { emitPanels, type PanelFunctions } from "./panels.js";
import { emitProduct } from "./product.js";
import { emitSoftmax, type SoftmaxFunctions } from "./softmax.js";
import { emitUnary, type UnaryFunctions } from "./unary.js";

/** What the module exports: addresses in bytes, extents in elements. */
export type KernelFunctions = AdamwFunctions &
  BinaryFunctions &
  BlockFunctions &
  DropoutFunctions &
  LayerNormFunctions &
  PanelFunctions &
  PoolFunctions &
  SoftmaxFunctions &
  UnaryFunctions;

/** What the kernels are made for. */
export interface Engine {
  /** Whether a · b + c is one instruction ("relaxed SIMD"). */
  readonly fused: boolean;
  readonly tile: Tile;
  /** Whether threads share the memory. */
  readonly shared: boolean;
}

/**
 * A WebAssembly module with all kernels.
 * @param products "own", or "imported": those of a module of `emitProducts`
 */
export function emitKernels(engine: Engine, products: "own" | "imported"): Uint8Array<ArrayBuffer> {
  const { tile } = engine;
  const module = moduleFor(engine);
  const gemm = products === "own" ? emitGemm(module, tile) : module.import("gemm", gemmSignature);
  const blocks = emitBlocks(module);
  const panels = emitPanels(module, tile.columns, blocks);
  const product = emitProduct(module, tile, gemm, blocks);
  const unary = emitUnary(module);
  emitBinary(module);
  const softmax = emitSoftmax(module);
  const layerNorm = emitLayerNorm(module);
  emitDropout(module);
  emitAdamw(module);
  const chunks: Readonly<Record<JobName, ChunkCallable>> = {
    product: emitProductJob(module, product, unary),
    attention: emitAttentionJob(module, { panels, product, softmax, panelWidth: tile.columns }),
    layerNorm: emitLayerNormJob(module, layerNorm),
  };
  emitPool(
    module,
    jobNames.map((name) => chunks[name]),
  );
  return module.finish();
}

/** A WebAssembly module with only the kernel of products, for another way to compile it. */
export function emitProducts(engine: Engine, name: string): Uint8Array<ArrayBuffer> {
  const module = moduleFor(engine);
  emitGemm(module, engine.tile);
  return module.finish(name);
}

const moduleFor = ({ fused, shared }: Engine): ModuleBuilder =>
  new ModuleBuilder(fused ? f32x4.relaxedMultiplyAdd : (a, b, c) => f32x4.add(f32x4.multiply(a, b), c), shared);
