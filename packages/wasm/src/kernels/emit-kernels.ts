import { f32x4 } from "../emit/expression.js";
import { ModuleBuilder } from "../emit/module-builder.js";
import { type AdamwFunctions, emitAdamw } from "./adamw.js";
import { type BinaryFunctions, emitBinary } from "./binary.js";
import { type BlockFunctions, emitBlocks } from "./blocks.js";
import { type DropoutFunctions, emitDropout } from "./dropout.js";
import { emitGemm, type GemmFunctions, type Tile } from "./gemm.js";
import { emitLayerNorm, type LayerNormFunctions } from "./layer-norm.js";
import { emitSoftmax, type SoftmaxFunctions } from "./softmax.js";
import { emitUnary, type UnaryFunctions } from "./unary.js";

/** What the module exports: addresses in bytes, extents in elements. */
export type KernelFunctions = AdamwFunctions &
  BinaryFunctions &
  BlockFunctions &
  DropoutFunctions &
  GemmFunctions &
  LayerNormFunctions &
  SoftmaxFunctions &
  UnaryFunctions;

/** What the kernels are made for. */
export interface Engine {
  /** Whether a · b + c is one instruction ("relaxed SIMD"). */
  readonly fused: boolean;
  readonly tile: Tile;
}

/** A WebAssembly module with all kernels. */
export function emitKernels(engine: Engine): Uint8Array<ArrayBuffer> {
  const module = moduleFor(engine);
  emitGemm(module, engine.tile);
  emitBlocks(module);
  emitUnary(module);
  emitBinary(module);
  emitSoftmax(module);
  emitLayerNorm(module);
  emitDropout(module);
  emitAdamw(module);
  return module.finish();
}

/** A WebAssembly module with only the kernel of products, for another tile or another way to compile it. */
export function emitProducts(engine: Engine, name: string): Uint8Array<ArrayBuffer> {
  const module = moduleFor(engine);
  emitGemm(module, engine.tile);
  return module.finish(name);
}

const moduleFor = ({ fused }: Engine): ModuleBuilder =>
  new ModuleBuilder(fused ? f32x4.relaxedMultiplyAdd : (a, b, c) => f32x4.add(f32x4.multiply(a, b), c));
