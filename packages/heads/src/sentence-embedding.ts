import type { EncoderOutput } from "@bertkit/layers";
import {
  concatRows,
  gatherRows,
  meanSquaredError,
  multiply,
  type Shape,
  ShapeError,
  sliceRows,
  sumTo,
  Tensor,
  transpose,
  unitLength,
  type Values,
} from "@bertkit/tensor";
import { Dense } from "./dense.js";
import { Head } from "./head.js";
import { type PoolingMode, type PoolOptions, pool } from "./pooling.js";
import type { CutStage, SentenceModules } from "./sentence-modules.js";

/** A vector for each text: pooled hidden states, then Dense layers and normalising (Reimers & Gurevych 2019, section 3). */
export class SentenceEmbedding extends Head<Float32Array, Float32Array> {
  readonly dense: readonly Dense[];
  readonly #poolings: readonly PoolingMode[];
  readonly #stages: readonly (Dense | CutStage | "normalize")[];

  constructor({ poolings, stages }: Pick<SentenceModules, "poolings" | "stages">) {
    super();
    this.#poolings = poolings;
    this.#stages = stages.map((stage) => (typeof stage === "object" && "folder" in stage ? new Dense(stage) : stage));
    this.dense = this.#stages.filter((stage) => stage instanceof Dense);
  }

  /** Several are laid side by side, in this order. */
  get poolings(): readonly PoolingMode[] {
    return this.#poolings;
  }

  /** What follows pooling, in its order; the Dense layers are those of `dense`. */
  get stages(): readonly (Dense | CutStage | "normalize")[] {
    return this.#stages;
  }

  /** One vector a sequence, [sequences, width]. */
  override forward(encoded: EncoderOutput): Tensor {
    return this.vectors(encoded);
  }

  /** The same with a prompt's tokens left out of pooling. Throws `ShapeError` where that leaves none. */
  vectors({ hidden, offsets }: EncoderOutput, options: PoolOptions = {}): Tensor {
    const pooled = this.#poolings.map((mode) => pool(mode, hidden, offsets, options));
    const joined = pooled.length === 1 ? pooled[0]! : transpose(concatRows(pooled.map(transpose)));
    return this.#stages.reduce((x, stage) => {
      if (stage === "normalize") return unitLength(x);
      return stage instanceof Dense ? stage.forward(x) : transpose(sliceRows(transpose(x), 0, stage.dimensions));
    }, joined);
  }

  /**
   * Sequences 2i and 2i + 1 are a pair, labels[i] how alike they are: mean squared error of their cosine
   * (CosineSimilarityLoss; Reimers & Gurevych 2019, section 3, regression objective). → []
   */
  override loss(encoded: EncoderOutput, labels: Float32Array): Tensor {
    const vectors = unitLength(this.forward(encoded));
    const pairs = vectors.shape[0]! / 2;
    if (labels.length !== pairs) {
      throw new ShapeError(`${labels.length} similarities for ${vectors.shape[0]} sequences: give one for every two`);
    }
    const side = (first: 0 | 1): Tensor => {
      const rows = Int32Array.from(labels, (_, i) => 2 * i + first);
      return gatherRows(vectors, Tensor.from(vectors.backend, rows));
    };
    const cosines = sumTo(multiply(side(0), side(1)), [pairs, 1]);
    return meanSquaredError(cosines, Tensor.from(vectors.backend, labels, [pairs, 1]));
  }

  /** The rows of `values` [sequences, width], each in memory of its own. */
  override answer(values: Values, shape: Shape): Float32Array[] {
    const [sequences, width] = shape as readonly [number, number];
    return Array.from({ length: sequences }, (_, i) => Float32Array.from(values.subarray(i * width, (i + 1) * width)));
  }
}
