import {
  type AttentionLayout,
  attention,
  attentionMix,
  attentionScores,
  attentionSoftmax,
  dropout,
  type Initializer,
  type RandomStream,
  reshape,
  ShapeError,
  type Tensor,
} from "@bertkit/tensor";
import type { AttentionKept } from "./encoder.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";

export interface MultiHeadAttentionOptions {
  readonly width: number;
  /** Must divide the width. */
  readonly heads: number;
  /** Whether a token sees only those before it and itself, as in GPT. Default false. */
  readonly causal?: boolean;
  /** Of the probabilities, when a random stream is given. Default 0. */
  readonly dropoutRate?: number;
  readonly initializer?: Initializer;
}

/** Other sequences to look at instead of one's own, sequence for sequence: cross-attention. */
export interface AttentionContext {
  /** [keys, width] */
  readonly hidden: Tensor;
  /** [sequences + 1] */
  readonly offsets: Int32Array;
}

export interface AttentionForwardOptions {
  readonly context?: AttentionContext | undefined;
  /** Turns dropout on. */
  readonly random?: RandomStream | undefined;
  /** Which weights to give back. */
  readonly kept?: AttentionKept | undefined;
}

/** Multi-head attention within each sequence of a packed batch (Vaswani et al. 2017, section 3.2.2). */
export class MultiHeadAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly heads: number;
  readonly causal: boolean;
  readonly dropoutRate: number;

  /** Throws `ShapeError` unless the heads divide the width. */
  constructor({ width, heads, causal = false, dropoutRate = 0, ...options }: MultiHeadAttentionOptions) {
    super();
    if (width % heads !== 0) throw new ShapeError(`${heads} heads do not divide a width of ${width}`);
    this.query = new Linear(width, width, options);
    this.key = new Linear(width, width, options);
    this.value = new Linear(width, width, options);
    this.output = new Linear(width, width, options);
    this.heads = heads;
    this.causal = causal;
    this.dropoutRate = dropoutRate;
  }

  /**
   * x [tokens, width] → [tokens, width], and on request the weights, sequence after sequence, [heads, n, m] flat.
   * @param offsets where each sequence of x begins, [sequences + 1]
   */
  forward(
    x: Tensor,
    offsets: Int32Array,
    { context = { hidden: x, offsets }, random, kept }: AttentionForwardOptions = {},
  ): { output: Tensor; weights: Tensor | undefined } {
    const layout: AttentionLayout = {
      heads: this.heads,
      queryOffsets: offsets,
      keyOffsets: context.offsets,
      causal: this.causal,
    };
    const query = this.#split(this.query.forward(x));
    const key = this.#split(this.key.forward(context.hidden));
    const value = this.#split(this.value.forward(context.hidden));
    const { dropoutRate } = this;
    if (!kept) {
      return { output: this.#join(attention(query, key, value, layout, { dropoutRate, random })), weights: undefined };
    }
    const scores = attentionScores(query, key, layout);
    const probabilities = attentionSoftmax(scores, layout);
    const mixed = attentionMix(dropout(probabilities, dropoutRate, random), value, layout);
    return { output: this.#join(mixed), weights: kept === "scores" ? scores : probabilities };
  }

  /** [tokens, width] → [tokens, heads, headWidth] */
  #split(x: Tensor): Tensor {
    const [tokens, width] = x.shape as readonly [number, number];
    return reshape(x, [tokens, this.heads, width / this.heads]);
  }

  /** [tokens, heads, headWidth] → [tokens, width] */
  #join(x: Tensor): Tensor {
    const [tokens, heads, headWidth] = x.shape as readonly [number, number, number];
    return this.output.forward(reshape(x, [tokens, heads * headWidth]));
  }
}
