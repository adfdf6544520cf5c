import type { Shape } from "./shape.js";

/** What a tensor's elements are. A reference backend opened with double precision holds "float32" in 64 bits. */
export type DType = "float32" | "int32" | "int8";

/** Plain numbers on their way into or out of a backend. Float64Array comes only from a double-precision reference. */
export type Values = Float32Array | Float64Array | Int32Array | Int8Array;

declare const opaque: unique symbol;

/** A block of device memory. Only the backend that made it can look inside. */
export interface Buffer {
  readonly [opaque]: true;
}

/** What a kernel sees of a tensor: dense, row-major, no strides. */
export interface View {
  readonly buffer: Buffer;
  readonly shape: Shape;
  readonly dtype: DType;
}

/**
 * Element-wise functions of one argument. `step` is 1 where x > 0, else 0. `gelu` is exact, x·Φ(x); `geluTanh` its
 * tanh approximation (Hendrycks & Gimpel 2016, section 2); the slopes are their derivatives.
 */
export type UnaryKind =
  | "negate"
  | "exp"
  | "log"
  | "sqrt"
  | "reciprocal"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "relu"
  | "step"
  | "gelu"
  | "geluSlope"
  | "geluTanh"
  | "geluTanhSlope";

export type BinaryKind = "add" | "subtract" | "multiply" | "divide";

export interface MatmulOptions {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Which queries look at which keys. Sequence s owns query rows queryOffsets[s] … queryOffsets[s+1] and key rows
 * keyOffsets[s] … keyOffsets[s+1]; with n queries and m keys its weights are a [heads, n, m] block, and the blocks lie
 * one after the other in one flat array. Causal: query i sees key j only where j ≤ i + m − n, so that the last query
 * sees every key.
 */
export interface AttentionLayout {
  readonly heads: number;
  readonly queryOffsets: Int32Array;
  readonly keyOffsets: Int32Array;
  readonly causal: boolean;
}

/**
 * Required of every backend, and enough for every op and gradient. A kernel fills `out`; it never allocates a result,
 * never checks shapes (ops did), never returns. `out` may not overlap an input unless a line says so.
 */
export interface Kernels {
  fill(value: number, out: View): void;
  /** out[to + i] = x[from + i] for i < count, in elements; any dtype, the same on both sides. */
  copy(x: View, from: number, out: View, to: number, count: number): void;
  /** `out` may be `x`. */
  unary(kind: UnaryKind, x: View, out: View): void;
  /** Right-aligned extents of 1 are repeated. */
  binary(kind: BinaryKind, a: View, b: View, out: View): void;
  /** Sums over each axis that `out` has as 1 or lacks on the left: the reverse of broadcasting. */
  sumTo(x: View, out: View): void;
  /** a × b over the last two axes, either transposed first; leading axes broadcast. */
  matmul(a: View, b: View, out: View, options: MatmulOptions): void;
  /** Axis i of `out` is axis order[i] of `x`. */
  permute(x: View, order: readonly number[], out: View): void;
  /** out[i, :] = table[ids[i], :]; table [rows, width], ids int32 [n] (any shape of n elements), out [n, width]. */
  gatherRows(table: View, ids: View, out: View): void;
  /** out[ids[i], :] += rows[i, :], in the order of i. Adds to what is there. */
  scatterAddRows(rows: View, ids: View, out: View): void;
  /**
   * activation(x · (scale · weight)ᵀ + bias), in whole numbers. x [rows, inputs], weight int8 [outputs, inputs] in
   * −63 … 63, maybe prepared, scale and bias [outputs]. With every operation rounded to float32, so that all backends
   * have the same levels, and ⌊·⌉ rounding halves to even: of each row low = min(0, min x), high = max(0, max x),
   * step = (high − low) / 255, inverse = 1 / step, zero = ⌊−low · inverse⌉ and
   * level = clamp(⌊x · inverse⌉ + zero, 0, 255); where the inverse is infinite, as for a row of zeros, step and inverse
   * are 0 and the row's result is the bias. Then activation((Σ level · weight − zero · Σ weight) · (step · scale) +
   * bias), whose sums are exact. A row with a NaN or an infinity gives NaN.
   */
  quantizedLinear(
    x: View,
    weight: View,
    scale: View,
    bias: View | undefined,
    activation: UnaryKind | undefined,
    out: View,
  ): void;
  /** out[i, :] = scale[ids[i]] · table[ids[i], :]; table int8 [rows, width], scale [rows], the rest as `gatherRows`. */
  gatherQuantizedRows(table: View, scale: View, ids: View, out: View): void;
  /** Over the last axis. */
  softmax(x: View, out: View): void;
  /** y · (dy − Σ y·dy) over the last axis. */
  softmaxGradient(y: View, dy: View, out: View): void;
  /** x − log Σ exp x over the last axis. */
  logSoftmax(x: View, out: View): void;
  /**
   * For each segment of rows offsets[s] … offsets[s+1] and each column, the flat index into `x` of its largest element
   * (the first of equals; −1 for an empty segment). x [rows, width], out int32 [segments, width].
   */
  segmentArgmax(x: View, offsets: Int32Array, out: View): void;
  /** scores[h, i, j] = scale · query[i, h, :] · key[j, h, :]; query and key [rows, heads, headWidth], out flat. */
  attentionScores(query: View, key: View, layout: AttentionLayout, scale: number, out: View): void;
  /** Over each row of m keys; an unseen key gets 0, a row that sees none is all 0. `out` may be `scores`. */
  attentionSoftmax(scores: View, layout: AttentionLayout, out: View): void;
  /** y · (dy − Σ y·dy) over each row of keys. */
  attentionSoftmaxGradient(y: View, dy: View, layout: AttentionLayout, out: View): void;
  /** out[i, h, :] = Σ_j weights[h, i, j] · value[j, h, :]; value [keys, heads, width], out [queries, heads, width]. */
  attentionMix(weights: View, value: View, layout: AttentionLayout, out: View): void;
  /** out[j, h, :] = Σ_i weights[h, i, j] · x[i, h, :]; x [queries, heads, width], out [keys, heads, width]. */
  attentionMixTransposed(weights: View, x: View, layout: AttentionLayout, out: View): void;
  /** x[i] / (1 − rate) where `keeps(seed, i, rate)`, else 0: the mask is recomputed, never stored. */
  dropout(x: View, rate: number, seed: number, out: View): void;
  /** In place: changes `parameter`, `mean` and `variance`. */
  adamw(parameter: View, gradient: View, mean: View, variance: View, step: AdamwStep): void;
}

/** One step of AdamW (Loshchilov & Hutter 2019, algorithm 2). */
export interface AdamwStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Outside the square root. */
  readonly epsilon: number;
  /** Decoupled: the parameter loses rate · decay · itself. */
  readonly decay: number;
  /** 1 at the first step: bias correction as in PyTorch. 0: no correction, as in Google's BERT. */
  readonly count: number;
}

/** A fused kernel without `backward` is used only where no gradient is needed: gradients can't be lost by accident. */
export interface Fused<Forward, Backward> {
  readonly forward: Forward;
  readonly backward?: Backward;
}

/** Optional. Each equals a composition of ops, which is what runs (and gives the gradient) where it is missing. */
export interface FusedKernels {
  /** activation(x · weightᵀ + bias); x [rows, inputs], weight [outputs, inputs], maybe prepared, bias [outputs]. */
  readonly linear: Fused<
    (x: View, weight: View, bias: View | undefined, activation: UnaryKind | undefined, out: View) => void,
    never
  >;
  /** Softmax(scale · query · keyᵀ) · value without the weights in memory; shapes as in `attentionScores`. */
  readonly attention: Fused<
    (query: View, key: View, value: View, layout: AttentionLayout, scale: number, out: View) => void,
    never
  >;
  /** Normalises x + residual over the last axis. `dx` is the gradient of both. */
  readonly layerNorm: Fused<
    (x: View, residual: View | undefined, weight: View, bias: View, epsilon: number, out: View) => void,
    (
      x: View,
      residual: View | undefined,
      weight: View,
      dy: View,
      epsilon: number,
      gradients: { readonly dx: View; readonly dWeight: View; readonly dBias: View },
    ) => void
  >;
}

/**
 * What a frozen weight will be used for; "linear": the right side of x · weightᵀ, [outputs, inputs]; "quantizedLinear":
 * the same in int8.
 */
export type WeightUse = "linear" | "quantizedLinear";

/** What a custom kernel's function finds in `this`, as in gpu.js. */
export interface KernelThread {
  /** `x` is the flat index of the element to compute; `y` and `z` are 0. */
  readonly thread: { readonly x: number; readonly y: number; readonly z: number };
  readonly constants: Readonly<Record<string, number>>;
}

/** Computes one element from the flat values of its inputs. It may use numbers, `Math` and loops: no closures. */
export type KernelFunction = (this: KernelThread, ...inputs: never[]) => number;

/** A kernel of the user's own; the GPU backend has gpu.js translate it, elsewhere it runs as it is. */
export interface KernelDefinition {
  readonly name: string;
  readonly compute: KernelFunction;
  readonly constants: Readonly<Record<string, number>>;
}

export interface CustomKernel {
  run(inputs: readonly View[], out: View): void;
}

/** A device: memory, and kernels over it. Calls queue work in order; `read` waits for it. */
export interface Backend extends Disposable {
  readonly name: string;
  readonly kernels: Kernels;
  readonly fused: Partial<FusedKernels>;
  /** Compiles a user's plain function. The same definition gives the same kernel. */
  custom(definition: KernelDefinition): CustomKernel;
  /**
   * A weight that will not change, in the form the kernels like; takes the dense block over. The kernel that `use` names
   * accepts it as its weight, `matmul` a float32 one as either side (slowly), `read` undoes it; no other kernel takes it.
   */
  prepare(weight: View, use: WeightUse): Buffer;
  /** The dense block again; takes the prepared one over. */
  restore(prepared: Buffer): Buffer;
  readonly memory: { readonly buffers: number; readonly bytes: number };
  /** Uninitialised memory for `size` elements. Throws `UnsupportedError` when the device has no more. */
  allocate(size: number, dtype: DType): Buffer;
  /** Copies all of `values` in, from element `at` on. */
  write(buffer: Buffer, values: Values, at?: number): void;
  /** Waits for the work queued so far, then copies out. */
  read(buffer: Buffer): Promise<Values>;
  release(buffer: Buffer): void;
}
