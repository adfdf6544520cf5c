import { checkLengths } from "@bertkit/encoder-family";
import { Embedding, LayerNorm, Module, type PackedBatch } from "@bertkit/layers";
import { add, dropout, type Initializer, type RandomStream, ShapeError, type Tensor } from "@bertkit/tensor";
import type { RobertaConfig } from "./config.js";

/**
 * Word + position + token type, normalised. A packed batch → [tokens, width]
 *
 * A batch's positions begin at 0 as everywhere; fairseq, where RoBERTa comes from, numbers them from the padding id on,
 * so that the table's first rows belong to no token.
 */
export class RobertaEmbeddings extends Module {
  readonly word: Embedding;
  readonly position: Embedding;
  readonly type: Embedding;
  readonly norm: LayerNorm;
  readonly #config: RobertaConfig;

  constructor(config: RobertaConfig, initializer: Initializer) {
    super();
    const { vocabulary, width, maxPositions, positionOffset, typeVocabulary, epsilon } = config;
    this.word = new Embedding(vocabulary, width, initializer);
    this.position = new Embedding(positionOffset + maxPositions, width, initializer);
    this.type = new Embedding(typeVocabulary, width, initializer);
    this.norm = new LayerNorm(width, epsilon);
    this.#config = config;
  }

  /** Throws `ShapeError` for an id, a type or a position the tables have no row for. */
  forward({ ids, typeIds, positions, offsets }: PackedBatch, random?: RandomStream): Tensor {
    const { maxPositions, hiddenDropout } = this.#config;
    checkLengths(offsets, maxPositions);
    const sum = add(this.word.forward(ids), this.position.forward(this.#rowsOf(positions)));
    return dropout(this.norm.forward(this.type.forward(typeIds), sum), hiddenDropout, random);
  }

  #rowsOf(positions: Int32Array): Int32Array {
    const { maxPositions, positionOffset } = this.#config;
    const stranger = positions.findIndex((position) => position < 0 || position >= maxPositions);
    if (stranger < 0) return positions.map((position) => position + positionOffset);
    const range = `${maxPositions} (0 … ${maxPositions - 1})`;
    throw new ShapeError(`position ${positions[stranger]} at ${stranger} is not one of ${range}`);
  }
}
