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
import type { RobertaConfig } from "./config.js";
import { RobertaEmbeddings } from "./embeddings.js";

/**
 * The encoder of Liu et al. 2019, which XLM-RoBERTa and CamemBERT share: BERT's blocks and pooler over embeddings whose
 * positions begin after the padding id.
 */
export class Roberta extends Module implements ConfiguredEncoder<RobertaConfig> {
  readonly embeddings: RobertaEmbeddings;
  readonly blocks: readonly TransformerBlock[];
  readonly pooler: Linear | undefined;
  readonly #config: RobertaConfig;

  constructor(config: RobertaConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const options = { ...config, activation: activationNamed(config.activation), initializer };
    this.embeddings = new RobertaEmbeddings(config, initializer);
    this.blocks = Array.from({ length: config.layers }, () => new TransformerBlock(options));
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): RobertaConfig {
    return this.#config;
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request. The
   * caller disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    return encodeBatch(this, batch, options);
  }
}
