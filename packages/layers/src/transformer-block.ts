import { add, dropout, type Tensor } from "@bertkit/tensor";
import { FeedForward, type FeedForwardOptions } from "./feed-forward.js";
import { LayerNorm } from "./layer-norm.js";
import { Module } from "./module.js";
import {
  type AttentionForwardOptions,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./multi-head-attention.js";

export interface TransformerBlockOptions extends Omit<MultiHeadAttentionOptions, "dropoutRate">, FeedForwardOptions {
  /** "post": after each residual sum, as in the original Transformer and BERT (default); "pre": before, as in GPT-2. */
  readonly norm?: "post" | "pre";
  /** Of both LayerNorms. Default 1e-12. */
  readonly epsilon?: number;
  /** Of both sub-layers' outputs, when a random stream is given. Default 0. */
  readonly hiddenDropout?: number;
  /** Of the attention probabilities, when a random stream is given. Default 0. */
  readonly attentionDropout?: number;
}

/** Attention, then feed-forward, each with a residual sum and a LayerNorm (Vaswani et al. 2017, section 3.1). */
export class TransformerBlock extends Module {
  readonly attention: MultiHeadAttention;
  readonly attentionNorm: LayerNorm;
  readonly feedForward: FeedForward;
  readonly feedForwardNorm: LayerNorm;
  readonly norm: "post" | "pre";
  readonly hiddenDropout: number;

  constructor(options: TransformerBlockOptions) {
    super();
    const { width, norm = "post", epsilon = 1e-12, hiddenDropout = 0, attentionDropout = 0 } = options;
    this.attention = new MultiHeadAttention({ ...options, dropoutRate: attentionDropout });
    this.attentionNorm = new LayerNorm(width, epsilon);
    this.feedForward = new FeedForward(options);
    this.feedForwardNorm = new LayerNorm(width, epsilon);
    this.norm = norm;
    this.hiddenDropout = hiddenDropout;
  }

  /** x [tokens, width] → hidden [tokens, width]; options and weights as in `MultiHeadAttention.forward`. */
  forward(
    x: Tensor,
    offsets: Int32Array,
    options: AttentionForwardOptions = {},
  ): { hidden: Tensor; weights: Tensor | undefined } {
    const drop = (y: Tensor): Tensor => dropout(y, this.hiddenDropout, options.random);
    if (this.norm === "pre") {
      const { output, weights } = this.attention.forward(this.attentionNorm.forward(x), offsets, options);
      const attended = add(x, drop(output));
      const fed = this.feedForward.forward(this.feedForwardNorm.forward(attended));
      return { hidden: add(attended, drop(fed)), weights };
    }
    const { output, weights } = this.attention.forward(x, offsets, options);
    const attended = this.attentionNorm.forward(drop(output), x);
    return { hidden: this.feedForwardNorm.forward(drop(this.feedForward.forward(attended)), attended), weights };
  }
}
