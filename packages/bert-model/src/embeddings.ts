import { checkLengths } from "@bertkit/encoder-family";
import { Embedding, LayerNorm, Module, type PackedBatch, SinusoidalEmbedding } from "@bertkit/layers";
import { add, dropout, type Initializer, type RandomStream, type Tensor } from "@bertkit/tensor";
import type { BertConfig } from "./config/bert-config.js";

/** Word + position + token type, normalised (Devlin et al. 2019, figure 2). A packed batch → [tokens, width] */
export class BertEmbeddings extends Module {
  readonly word: Embedding;
  readonly position: Embedding | SinusoidalEmbedding;
  readonly type: Embedding;
  readonly norm: LayerNorm;
  readonly #dropoutRate: number;
  readonly #maxPositions: number;

  constructor(config: BertConfig, initializer: Initializer) {
    super();
    const { vocabulary, width, maxPositions, typeVocabulary, positions } = config;
    this.word = new Embedding(vocabulary, width, initializer);
    this.position =
      positions === "sinusoidal"
        ? new SinusoidalEmbedding(maxPositions, width)
        : new Embedding(maxPositions, width, initializer);
    this.type = new Embedding(typeVocabulary, width, initializer);
    this.norm = new LayerNorm(width, config.epsilon);
    this.#dropoutRate = config.hiddenDropout;
    this.#maxPositions = maxPositions;
  }

  /** Throws `ShapeError` for an id, a type or a position the tables have no row for. */
  forward({ ids, typeIds, positions, offsets }: PackedBatch, random?: RandomStream): Tensor {
    checkLengths(offsets, this.#maxPositions);
    const words = this.word.forward(ids);
    const sum = add(words, this.position.forward(positions, words.backend));
    return dropout(this.norm.forward(this.type.forward(typeIds), sum), this.#dropoutRate, random);
  }
}
