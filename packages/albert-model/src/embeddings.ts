import { checkLengths } from "@bertkit/encoder-family";
import { Embedding, LayerNorm, Linear, Module, type PackedBatch } from "@bertkit/layers";
import { add, dropout, type Initializer, type RandomStream, type Tensor } from "@bertkit/tensor";
import type { AlbertConfig } from "./config.js";

/**
 * Word + position + token type in a narrow width, normalised, then taken to the hidden width (Lan et al. 2020, section
 * 3.1, "factorized embedding parameterization"). A packed batch → [tokens, width]
 */
export class AlbertEmbeddings extends Module {
  readonly word: Embedding;
  readonly position: Embedding;
  readonly type: Embedding;
  readonly norm: LayerNorm;
  readonly projection: Linear;
  readonly #dropoutRate: number;
  readonly #maxPositions: number;

  constructor(config: AlbertConfig, initializer: Initializer) {
    super();
    const { vocabulary, embeddingWidth, width, maxPositions, typeVocabulary, epsilon } = config;
    this.word = new Embedding(vocabulary, embeddingWidth, initializer);
    this.position = new Embedding(maxPositions, embeddingWidth, initializer);
    this.type = new Embedding(typeVocabulary, embeddingWidth, initializer);
    this.norm = new LayerNorm(embeddingWidth, epsilon);
    this.projection = new Linear(embeddingWidth, width, { initializer });
    this.#dropoutRate = config.hiddenDropout;
    this.#maxPositions = maxPositions;
  }

  /** Throws `ShapeError` for an id, a type or a position the tables have no row for. */
  forward({ ids, typeIds, positions, offsets }: PackedBatch, random?: RandomStream): Tensor {
    checkLengths(offsets, this.#maxPositions);
    const sum = add(this.word.forward(ids), this.position.forward(positions));
    const normalised = this.norm.forward(this.type.forward(typeIds), sum);
    return this.projection.forward(dropout(normalised, this.#dropoutRate, random));
  }
}
