import type { RandomStream, Tensor } from "@bertkit/tensor";
import type { Module } from "./module.js";

/** Sequences laid end to end. Sequence i is rows offsets[i] … offsets[i+1] of every per-token array. */
export interface PackedBatch {
  /** [tokens] */
  readonly ids: Int32Array;
  /** [tokens] */
  readonly typeIds: Int32Array;
  /** [tokens] */
  readonly positions: Int32Array;
  /** [sequences + 1] */
  readonly offsets: Int32Array;
}

/** What an encoder makes of a batch; what it was not asked for is empty. */
export interface EncoderOutput {
  /** The last block's output, [tokens, width]. */
  readonly hidden: Tensor;
  /** On request: the embeddings' output and every block's, [tokens, width] each. */
  readonly layers: readonly Tensor[];
  /** On request, one a block: sequence after sequence, [heads, n, n] flat. */
  readonly attention: readonly Tensor[];
  /** [sequences, width]; undefined for an encoder without a pooler. */
  readonly pooled: Tensor | undefined;
  /** The batch's, [sequences + 1]. */
  readonly offsets: Int32Array;
}

/** Which attention weights to keep: probabilities, or the scores before softmax (what TinyBERT learns from). */
export type AttentionKept = "probabilities" | "scores";

export interface ForwardOptions {
  /** Turns dropout on. */
  readonly random?: RandomStream | undefined;
  /** Keep every block's output. */
  readonly layers?: boolean;
  /** Keep every block's attention weights. */
  readonly attention?: AttentionKept | undefined;
}

/** From token ids to hidden states. Knows nothing of heads, as heads know nothing of it. */
export interface Encoder extends Module {
  forward(batch: PackedBatch, options?: ForwardOptions): EncoderOutput;
}
