import { type ConfiguredEncoder, encodeBatch } from "@bertkit/encoder-family";
import {
  activationNamed,
  type EncoderOutput,
  type ForwardOptions,
  Linear,
  Module,
  type PackedBatch,
  TransformerBlock,
  type TransformerBlockOptions,
} from "@bertkit/layers";
import { truncatedNormal } from "@bertkit/tensor";
import type { AlbertConfig } from "./config.js";
import { AlbertEmbeddings } from "./embeddings.js";

/** The blocks of one layer, which several layers share. */
export class AlbertGroup extends Module {
  readonly blocks: readonly TransformerBlock[];

  constructor(blocks: number, options: TransformerBlockOptions) {
    super();
    this.blocks = Array.from({ length: blocks }, () => new TransformerBlock(options));
  }
}

/**
 * The encoder of Lan et al. 2020: embeddings that are narrower than what is hidden, layers that share their parameters,
 * a pooler over the first token.
 */
export class Albert extends Module implements ConfiguredEncoder<AlbertConfig> {
  readonly embeddings: AlbertEmbeddings;
  readonly groups: readonly AlbertGroup[];
  readonly pooler: Linear | undefined;
  readonly #config: AlbertConfig;

  constructor(config: AlbertConfig) {
    super();
    const initializer = truncatedNormal(config.initializerDeviation);
    const options = { ...config, activation: activationNamed(config.activation), initializer };
    this.embeddings = new AlbertEmbeddings(config, initializer);
    this.groups = Array.from({ length: config.groups }, () => new AlbertGroup(config.blocksPerLayer, options));
    this.pooler = config.pooler ? new Linear(config.width, config.width, { initializer }) : undefined;
    this.#config = config;
  }

  get config(): AlbertConfig {
    return this.#config;
  }

  /** In the order in which they run: those of each layer, so that a shared one is there several times. */
  get blocks(): readonly TransformerBlock[] {
    const { layers, groups } = this.#config;
    const groupOf = (layer: number): AlbertGroup => this.groups[Math.floor(layer / (layers / groups))]!;
    return Array.from({ length: layers }, (_, layer) => groupOf(layer).blocks).flat();
  }

  /**
   * hidden [tokens, width], pooled [sequences, width]; on request every block's output and attention weights, so
   * `blocksPerLayer` of them a layer. The caller disposes of what it gets, or calls this inside `tidy`. Throws
   * `ShapeError` for a batch that does not fit.
   */
  forward(batch: PackedBatch, options: ForwardOptions = {}): EncoderOutput {
    const { embeddings, blocks, pooler } = this;
    return encodeBatch({ embeddings, blocks, pooler }, batch, options);
  }
}
