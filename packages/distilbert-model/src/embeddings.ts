import { checkLengths } from "@bertkit/encoder-family";
import { Embedding, LayerNorm, Module, type PackedBatch, sinusoids } from "@bertkit/layers";
import { dropout, type Initializer, type RandomStream, type Tensor } from "@bertkit/tensor";
import type { DistilBertConfig } from "./config.js";

/** Word + position, normalised: BERT's without types (Sanh et al. 2019, section 3). A packed batch → [tokens, width] */
export class DistilBertEmbeddings extends Module {
  readonly word: Embedding;
  /** A table also where its numbers are the waves of sines and cosines: files have it, rounded as they have it. */
  readonly position: Embedding;
  readonly norm: LayerNorm;
  readonly #dropoutRate: number;
  readonly #maxPositions: number;

  constructor(config: DistilBertConfig, initializer: Initializer) {
    super();
    const { vocabulary, width, maxPositions, positions } = config;
    const isFixed = positions === "sinusoidal";
    this.word = new Embedding(vocabulary, width, initializer);
    this.position = new Embedding(maxPositions, width, isFixed ? waves(maxPositions, width) : initializer);
    if (isFixed) this.position.freeze();
    this.norm = new LayerNorm(width, config.epsilon);
    this.#dropoutRate = config.hiddenDropout;
    this.#maxPositions = maxPositions;
  }

  /** Token types are not looked at. Throws `ShapeError` for an id or a position the tables have no row for. */
  forward({ ids, positions, offsets }: PackedBatch, random?: RandomStream): Tensor {
    checkLengths(offsets, this.#maxPositions);
    return dropout(
      this.norm.forward(this.word.forward(ids), this.position.forward(positions)),
      this.#dropoutRate,
      random,
    );
  }
}

/** The numbers of `sinusoids`, one after another, as a table that is filled asks for them; none are made before. */
function waves(positions: number, width: number): Initializer {
  let table: Float32Array | undefined;
  let next = 0;
  return () => {
    table ??= sinusoids(positions, width);
    return table[next++ % table.length]!;
  };
}
