import type { FileNames } from "@bertkit/encoder-family";
import { type EncoderOutput, Linear, Module, type NameTable } from "@bertkit/layers";
import { type Activation, binaryCrossEntropy, gelu, reshape, ShapeError, Tensor, type Values } from "@bertkit/tensor";
import { replacedTokenSpellings } from "./names.js";

export interface ReplacedTokenOptions {
  readonly width: number;
  /** Default `gelu`: the configuration's, as `activationNamed` gives it. */
  readonly activation?: Activation;
}

/**
 * Which tokens a generator put in the place of others: ELECTRA's discriminator (Clark et al. 2020, section 2). It is a
 * head as those of @bertkit/heads are.
 */
export class ReplacedTokenDetection extends Module {
  readonly dense: Linear;
  readonly prediction: Linear;
  readonly #activation: Activation;

  constructor({ width, activation = gelu }: ReplacedTokenOptions) {
    super();
    this.dense = new Linear(width, width);
    this.prediction = new Linear(width, 1);
    this.#activation = activation;
  }

  /** What its dense layer's output goes through. */
  get activation(): Activation {
    return this.#activation;
  }

  /** A logit for each token, above 0 where it looks replaced. [tokens] */
  forward({ hidden }: EncoderOutput): Tensor {
    const logits = this.prediction.forward(this.dense.forward(hidden, this.#activation));
    return reshape(logits, [hidden.shape[0]!]);
  }

  /**
   * Mean binary cross-entropy over all tokens, replaced or not; labels [tokens], 1 where a token was replaced and 0
   * where it is the original. → [] Throws `ShapeError`, also for another label.
   */
  loss(encoded: EncoderOutput, labels: Int32Array): Tensor {
    const tokens = encoded.hidden.shape[0]!;
    if (labels.length !== tokens) throw new ShapeError(`${labels.length} labels for ${tokens} tokens: give each one`);
    const stranger = labels.findIndex((label) => label !== 0 && label !== 1);
    if (stranger >= 0) {
      throw new ShapeError(`label ${labels[stranger]} of token ${stranger} is neither 0 (original) nor 1 (replaced)`);
    }
    return binaryCrossEntropy(this.forward(encoded), Tensor.from(encoded.hidden.backend, Float32Array.from(labels)));
  }

  /**
   * For each sequence how probable it is that each of its tokens was replaced; without encodings all tokens are one
   * sequence's. Throws `ShapeError` for encodings of other tokens.
   */
  answer(
    values: Values,
    _shape: readonly number[],
    encodings: readonly { readonly length: number }[] = [values],
  ): Float32Array[] {
    const tokens = encodings.reduce((sum, { length }) => sum + length, 0);
    if (tokens !== values.length) {
      throw new ShapeError(
        `${values.length} logits for encodings of ${tokens} tokens: give the encodings that the batch was packed from`,
      );
    }
    let from = 0;
    return encodings.map(({ length }) => {
      const own = values.subarray(from, from + length);
      from += length;
      return Float32Array.from(own, (logit) => 1 / (1 + Math.exp(-logit)));
    });
  }
}

/** How a file spells a `ReplacedTokenDetection`; undefined where it lacks it or a part of it. */
export function findReplacedTokenNames(names: FileNames): NameTable | undefined {
  return replacedTokenSpellings.find((table) => paths.every((path) => names.has(table(path).name)));
}

const paths = ["dense.weight", "dense.bias", "prediction.weight", "prediction.bias"];
