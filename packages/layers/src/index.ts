export { activationNamed, activationNames } from "./activations.js";
export { DecoderBlock, type DecoderBlockOptions, type DecoderForwardOptions } from "./decoder-block.js";
export { Embedding } from "./embedding.js";
export type { AttentionKept, Encoder, EncoderOutput, ForwardOptions, PackedBatch } from "./encoder.js";
export { CheckpointMismatchError, ConfigError } from "./errors.js";
export { FeedForward, type FeedForwardOptions } from "./feed-forward.js";
export { LayerNorm } from "./layer-norm.js";
export { Linear, type LinearOptions } from "./linear.js";
export type { LoadTarget, QuantizedTarget } from "./load-target.js";
export { type LoadOptions, type LoadResult, Module } from "./module.js";
export {
  type AttentionContext,
  type AttentionForwardOptions,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./multi-head-attention.js";
export { type NameInFile, type NameRow, type NameTable, nameTable, ownNames } from "./name-table.js";
export { namedArrays } from "./named-arrays.js";
export { quantize } from "./quantize.js";
export { QuantizedEmbedding } from "./quantized-embedding.js";
export { QuantizedLinear } from "./quantized-linear.js";
export { recordOf } from "./record-of.js";
export { showValue } from "./show-value.js";
export { SinusoidalEmbedding, sinusoids } from "./sinusoidal-embedding.js";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.js";
