import { add, dropout, type RandomStream, type Tensor } from "@bertkit/tensor";
import { FeedForward } from "./feed-forward.js";
import { LayerNorm } from "./layer-norm.js";
import { Module } from "./module.js";
import { type AttentionContext, type AttentionForwardOptions, MultiHeadAttention } from "./multi-head-attention.js";
import type { TransformerBlockOptions } from "./transformer-block.js";

export interface DecoderBlockOptions extends Omit<TransformerBlockOptions, "causal" | "epsilon"> {
  /** Whether a token sees only those before it and itself among its own; of the context it sees all. Default true. */
  readonly causal?: boolean;
  /** Of all three LayerNorms. Default 1e-12. */
  readonly epsilon?: number;
}

export interface DecoderForwardOptions extends AttentionForwardOptions {
  /** What is translated or summed up: an encoder's output, sequence for sequence. */
  readonly context: AttentionContext;
}

/** A decoder's block: self-attention, cross-attention, feed-forward (Vaswani et al. 2017, section 3.1). */
export class DecoderBlock extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionNorm: LayerNorm;
  readonly crossAttention: MultiHeadAttention;
  readonly crossAttentionNorm: LayerNorm;
  readonly feedForward: FeedForward;
  readonly feedForwardNorm: LayerNorm;
  readonly norm: "post" | "pre";
  readonly hiddenDropout: number;

  /** Throws `ShapeError` unless the heads divide the width. */
  constructor(options: DecoderBlockOptions) {
    super();
    const { width, causal = true, norm = "post", epsilon = 1e-12, hiddenDropout = 0, attentionDropout = 0 } = options;
    this.attention = new MultiHeadAttention({ ...options, causal, dropoutRate: attentionDropout });
    this.attentionNorm = new LayerNorm(width, epsilon);
    this.crossAttention = new MultiHeadAttention({ ...options, causal: false, dropoutRate: attentionDropout });
    this.crossAttentionNorm = new LayerNorm(width, epsilon);
    this.feedForward = new FeedForward(options);
    this.feedForwardNorm = new LayerNorm(width, epsilon);
    this.norm = norm;
    this.hiddenDropout = hiddenDropout;
  }

  /**
   * x [tokens, width] → hidden [tokens, width]; on request the weights of both attentions, as
   * `MultiHeadAttention.forward` gives them. Throws `ShapeError` for a context of another number of sequences.
   */
  forward(
    x: Tensor,
    offsets: Int32Array,
    { context, random, kept }: DecoderForwardOptions,
  ): { hidden: Tensor; weights: Tensor | undefined; crossWeights: Tensor | undefined } {
    const own = this.attention.forward(this.#before(this.attentionNorm, x), offsets, { random, kept });
    const attended = this.#after(this.attentionNorm, own.output, x, random);
    const asked = this.#before(this.crossAttentionNorm, attended);
    const cross = this.crossAttention.forward(asked, offsets, { context, random, kept });
    const informed = this.#after(this.crossAttentionNorm, cross.output, attended, random);
    const fed = this.feedForward.forward(this.#before(this.feedForwardNorm, informed));
    const hidden = this.#after(this.feedForwardNorm, fed, informed, random);
    return { hidden, weights: own.weights, crossWeights: cross.weights };
  }

  /** What a part reads. */
  #before(norm: LayerNorm, x: Tensor): Tensor {
    return this.norm === "pre" ? norm.forward(x) : x;
  }

  /** What a part wrote, added to what it read. */
  #after(norm: LayerNorm, written: Tensor, x: Tensor, random: RandomStream | undefined): Tensor {
    const y = dropout(written, this.hiddenDropout, random);
    return this.norm === "pre" ? add(x, y) : norm.forward(y, x);
  }
}
