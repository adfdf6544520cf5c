import { checkLengths } from "@bertkit/encoder-family";
import { Embedding, LayerNorm, Linear, Module, type PackedBatch } from "@bertkit/layers";
import { add, dropout, type Initializer, type RandomStream, type Tensor } from "@bertkit/tensor";
import type { ElectraConfig } from "./config.js";

/**
 * BERT's embeddings, which may be narrower than the blocks and are then projected to their width (Clark et al. 2020,
 * section 3.2). A packed batch → [tokens, width]
 */
export class ElectraEmbeddings extends Module {
  readonly word: Embedding;
  readonly position: Embedding;
  readonly type: Embedding;
  readonly norm: LayerNorm;
  /** Undefined where the embeddings are as wide as the blocks. */
  readonly project: Linear | undefined;
  readonly #dropoutRate: number;
  readonly #maxPositions: number;

  constructor(config: ElectraConfig, initializer: Initializer) {
    super();
    const { vocabulary, width, embeddingWidth, maxPositions, typeVocabulary } = config;
    this.word = new Embedding(vocabulary, embeddingWidth, initializer);
    this.position = new Embedding(maxPositions, embeddingWidth, initializer);
    this.type = new Embedding(typeVocabulary, embeddingWidth, initializer);
    this.norm = new LayerNorm(embeddingWidth, config.epsilon);
    this.project = embeddingWidth === width ? undefined : new Linear(embeddingWidth, width, { initializer });
    this.#dropoutRate = config.hiddenDropout;
    this.#maxPositions = maxPositions;
  }

  /** Throws `ShapeError` for an id, a type or a position the tables have no row for. */
  forward({ ids, typeIds, positions, offsets }: PackedBatch, random?: RandomStream): Tensor {
    checkLengths(offsets, this.#maxPositions);
    const sum = add(this.word.forward(ids), this.position.forward(positions));
    const narrow = dropout(this.norm.forward(this.type.forward(typeIds), sum), this.#dropoutRate, random);
    return this.project?.forward(narrow) ?? narrow;
  }
}
