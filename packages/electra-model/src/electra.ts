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
import { gelu, truncatedNormal } from "@bertkit/tensor";
import type { ElectraConfig } from "./config.js";
import { ElectraEmbeddings } from "./embeddings.js";

/** The encoder of Clark et al. 2020, of discriminators and generators: BERT's blocks, embeddings of another width. */
export class Electra extends Module implements ConfiguredEncoder<ElectraConfig> {
  readonly embeddings: ElectraEmbeddings;
  readonly blocks: readonly TransformerBlock[];
  /** What heads over a whole sequence bring: transformers' `classifier.dense`. */
  readonly pooler: Linear | undefined;
  readonly #config: ElectraConfig;

  constructor(config: ElectraConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const activation = activationNamed(config.activation);
    this.embeddings = new ElectraEmbeddings(config, initializer);
    this.blocks = Array.from(
      { length: config.layers },
      () => new TransformerBlock({ ...config, activation, initializer }),
    );
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): ElectraConfig {
    return this.#config;
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; every block's output and attention weights on request. The
   * caller disposes of what it gets, or calls this inside `tidy`. Throws `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    const { embeddings, blocks, pooler } = this;
    // Exact GELU whatever the blocks have: google-research/electra's classifier has it, and transformers'.
    return encodeBatch({ embeddings, blocks, pooler, poolerActivation: gelu }, batch, options);
  }
}
