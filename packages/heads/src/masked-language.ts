import type { EncoderOutput } from "@bertkit/layers";
import { crossEntropy, gatherRows, type Shape, ShapeError, scale, Tensor, type Values, zeros } from "@bertkit/tensor";
import { Head } from "./head.js";
import { labelledRows } from "./labelled-rows.js";
import { LanguageDecoder, type LanguageDecoderOptions } from "./language-decoder.js";
import { likeliestTokens, type TokenGuess } from "./likeliest-tokens.js";
import { splitRows } from "./split-rows.js";

export interface MaskedLanguageOptions extends LanguageDecoderOptions {
  /**
   * Added to the count of labelled tokens that the loss is divided by, so that a batch without any has a loss of 0. By
   * default 0, as Hugging Face has it; Google's run_pretraining has 1e-5.
   */
  readonly countOffset?: number;
}

/** Which tokens the masked ones were (Devlin et al. 2019, section 3.1, task 1). */
export class MaskedLanguage extends Head<Int32Array, TokenGuess> {
  readonly decoder: LanguageDecoder;
  readonly #countOffset: number;

  /** Throws `ShapeError` for a word table of another size. */
  constructor({ countOffset = 0, ...options }: MaskedLanguageOptions) {
    super();
    this.decoder = new LanguageDecoder(options);
    this.#countOffset = countOffset;
  }

  /** Logits for every token, [tokens, vocabulary]; `logitsAt` gives those of a few. */
  override forward({ hidden }: EncoderOutput): Tensor {
    return this.decoder.forward(hidden);
  }

  /** Logits for the tokens in these rows of the batch, [rows, vocabulary]. Throws `ShapeError` for a row it has not. */
  logitsAt({ hidden }: EncoderOutput, rows: Int32Array): Tensor {
    const tokens = hidden.shape[0]!;
    const stranger = rows.find((row) => row < 0 || row >= tokens);
    if (stranger !== undefined) throw new ShapeError(`row ${stranger} is none of a batch's ${tokens} tokens`);
    return this.decoder.forward(gatherRows(hidden, Tensor.from(hidden.backend, rows)));
  }

  /**
   * Mean surprise at the labels, [tokens] with -100 where there is none; no other token's logits are made. → []
   * Throws `ShapeError`, also where no token has a label and nothing is added to their count.
   */
  override loss(encoded: EncoderOutput, labels: Int32Array): Tensor {
    const labelled = labelledRows(labels, encoded.hidden.shape[0]!);
    const count = labelled.rows.length;
    if (count === 0 && this.#countOffset > 0) return zeros(encoded.hidden.backend, []);
    const surprise = crossEntropy(this.logitsAt(encoded, labelled.rows), labelled.labels);
    return this.#countOffset === 0 ? surprise : scale(surprise, count / (count + this.#countOffset));
  }

  /** The likeliest token of each row of logits, not of each sequence. */
  override answer(values: Values, shape: Shape): TokenGuess[] {
    return splitRows(values, shape).map((row) => likeliestTokens(row, { top: 1 })[0]!);
  }
}
