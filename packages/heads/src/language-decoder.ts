import { LayerNorm, Linear, Module } from "@bertkit/layers";
import {
  type Activation,
  add,
  concatRows,
  constant,
  gatherQuantizedRows,
  linear,
  Parameter,
  ShapeError,
  showShape,
  Tensor,
  tidy,
  transpose,
} from "@bertkit/tensor";

/** A row for each token of the vocabulary: an `Embedding`, or a `QuantizedEmbedding`, whose rows have scales. */
export interface WordTable {
  /** [vocabulary, inner width]: the hidden width, or what an encoder with factorised embeddings has (Lan et al. 2020, section 3.1) */
  readonly weight: Parameter;
  /** [vocabulary] */
  readonly scale?: Parameter;
}

export interface LanguageDecoderOptions {
  readonly width: number;
  readonly vocabulary: number;
  readonly activation: Activation;
  /** Of the LayerNorm. */
  readonly epsilon: number;
  /** What hidden states are compared with: the encoder's own word table, unless the two are not tied. It is borrowed. */
  readonly words: WordTable;
}

/**
 * From hidden states to a logit for each token of the vocabulary: dense, activation, LayerNorm, then the product with the
 * word table, and a bias (google-research/bert, run_pretraining.py, `get_masked_lm_output`).
 */
export class LanguageDecoder extends Module {
  readonly transform: Linear;
  readonly norm: LayerNorm;
  /** [vocabulary] */
  readonly bias: Parameter;
  readonly #activation: Activation;
  readonly #words: WordTable;

  /** Throws `ShapeError` for a table of another size. */
  constructor({ width, vocabulary, activation, epsilon, words }: LanguageDecoderOptions) {
    super();
    const [rows, innerWidth] = words.weight.shape;
    if (rows !== vocabulary || innerWidth === undefined) {
      const found = `a word table ${showShape(words.weight.shape)}`;
      throw new ShapeError(`LanguageDecoder: ${found} does not fit ${vocabulary} tokens`);
    }
    this.transform = new Linear(width, innerWidth);
    this.norm = new LayerNorm(innerWidth, epsilon);
    this.bias = new Parameter([vocabulary], constant(0));
    this.#activation = activation;
    this.#words = words;
  }

  /** What its dense layer's output goes through. */
  get activation(): Activation {
    return this.#activation;
  }

  /** The table that it borrows. */
  get words(): WordTable {
    return this.#words;
  }

  /** [n, width] → [n, vocabulary]. Throws `ShapeError`, and `UnsupportedError` where a gradient of int8 is needed. */
  forward(hidden: Tensor): Tensor {
    const x = this.norm.forward(this.transform.forward(hidden, this.#activation));
    const { weight, scale } = this.#words;
    // The table's rows meet a few hidden states, not these the table: so the large one is read as it lies.
    const product = scale ? productWithLevels(x, weight, scale) : transpose(linear(weight, x));
    return add(product, this.bias);
  }
}

/** How many rows of a table are floats at a time. */
const rowsAtOnce = 4096;

/**
 * x · (scale · table)ᵀ, [n, width] → [n, vocabulary]. The rows become floats again, some at a time: levels of a table
 * reach 127, twice what `quantizedLinear` can sum.
 */
function productWithLevels(x: Tensor, table: Parameter, scale: Parameter): Tensor {
  return tidy(() => {
    const vocabulary = table.shape[0]!;
    const parts: Tensor[] = [];
    for (let from = 0; from < vocabulary; from += rowsAtOnce) {
      const ids = Int32Array.from({ length: Math.min(rowsAtOnce, vocabulary - from) }, (_, i) => from + i);
      parts.push(tidy(() => linear(gatherQuantizedRows(table, scale, Tensor.from(x.backend, ids)), x)));
    }
    return transpose(concatRows(parts));
  });
}
