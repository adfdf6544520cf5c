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
import { relu, truncatedNormal } from "@bertkit/tensor";
import type { DistilBertConfig } from "./config.js";
import { DistilBertEmbeddings } from "./embeddings.js";

/** The encoder of Sanh et al. 2019: half of BERT's blocks, taught by a BERT; no token types. */
export class DistilBert extends Module implements ConfiguredEncoder<DistilBertConfig> {
  readonly embeddings: DistilBertEmbeddings;
  readonly blocks: readonly TransformerBlock[];
  /** What heads over a whole sequence bring: transformers' `pre_classifier`. */
  readonly pooler: Linear | undefined;
  readonly #config: DistilBertConfig;

  constructor(config: DistilBertConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const activation = activationNamed(config.activation);
    this.embeddings = new DistilBertEmbeddings(config, initializer);
    this.blocks = Array.from(
      { length: config.layers },
      () => new TransformerBlock({ ...config, activation, initializer }),
    );
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): DistilBertConfig {
    return this.#config;
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request. The
   * caller disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    const { embeddings, blocks, pooler } = this;
    return encodeBatch({ embeddings, blocks, pooler, poolerActivation: relu }, batch, options);
  }
}
