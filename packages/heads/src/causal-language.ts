import type { EncoderOutput } from "@bertkit/layers";
import { crossEntropy, gatherRows, type Shape, Tensor, type Values } from "@bertkit/tensor";
import { Head } from "./head.js";
import { labelledRows, noLabel } from "./labelled-rows.js";
import { LanguageDecoder, type LanguageDecoderOptions } from "./language-decoder.js";
import { likeliestTokens, type TokenGuess } from "./likeliest-tokens.js";
import { splitRows } from "./split-rows.js";

/** Which token comes next, over an encoder whose tokens see only those before them (transformers, `BertLMHeadModel`). */
export class CausalLanguage extends Head<Int32Array, TokenGuess> {
  readonly decoder: LanguageDecoder;

  /** Throws `ShapeError` for a word table of another size. */
  constructor(options: LanguageDecoderOptions) {
    super();
    this.decoder = new LanguageDecoder(options);
  }

  /** Each token's logits for the token after it, [tokens, vocabulary]. */
  override forward({ hidden }: EncoderOutput): Tensor {
    return this.decoder.forward(hidden);
  }

  /**
   * Mean surprise at each sequence's second and later tokens. labels are the tokens themselves, [tokens], -100 where one
   * is not to be guessed. → [] Throws `ShapeError`, also where there is nothing to guess.
   */
  override loss({ hidden, offsets }: EncoderOutput, labels: Int32Array): Tensor {
    const next = labelledRows(shiftedWithin(labels, offsets), hidden.shape[0]!);
    const guessing = gatherRows(hidden, Tensor.from(hidden.backend, next.rows));
    return crossEntropy(this.decoder.forward(guessing), next.labels);
  }

  /** The likeliest token after each row of logits, not one for each sequence. */
  override answer(values: Values, shape: Shape): TokenGuess[] {
    return splitRows(values, shape).map((row) => likeliestTokens(row, { top: 1 })[0]!);
  }
}

/** Each token's label becomes the next one's; a sequence's last has none. */
function shiftedWithin(labels: Int32Array, offsets: Int32Array): Int32Array {
  const shifted = labels.map((_, token) => labels[token + 1] ?? noLabel);
  for (const end of offsets.subarray(1)) shifted[end - 1] = noLabel;
  return shifted;
}
