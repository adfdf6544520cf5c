import { type ConfiguredEncoder, encodeBatch } from "@bertkit/encoder-family";
import {
  activationNamed,
  type EncoderOutput,
  type ForwardOptions,
  Linear,
  Module,
  type PackedBatch,
  TransformerBlock,
} from "@bertkit/layers";
import { truncatedNormal } from "@bertkit/tensor";
import type { BertConfig } from "./config/bert-config.js";
import { BertEmbeddings } from "./embeddings.js";

/** The encoder of Devlin et al. 2019: embeddings, a stack of Transformer blocks, a pooler over the first token. */
export class Bert extends Module implements ConfiguredEncoder<BertConfig> {
  readonly embeddings: BertEmbeddings;
  readonly blocks: readonly TransformerBlock[];
  readonly pooler: Linear | undefined;
  readonly #config: BertConfig;

  constructor(config: BertConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const activation = activationNamed(config.activation);
    this.embeddings = new BertEmbeddings(config, initializer);
    this.blocks = Array.from(
      { length: config.layers },
      () => new TransformerBlock({ ...config, activation, initializer }),
    );
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): BertConfig {
    return this.#config;
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request.
   * The caller disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    return encodeBatch(this, batch, options);
  }
}
