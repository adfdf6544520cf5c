import type { EncoderOutput } from "@bertkit/layers";
import { add, concatRows, reshape, type Shape, ShapeError, sizeOf, type Tensor, type Values } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";
import { Head } from "./head.js";
import type { TokenGuess } from "./likeliest-tokens.js";
import { MaskedLanguage, type MaskedLanguageOptions } from "./masked-language.js";
import { NextSentence } from "./next-sentence.js";
import { splitSequences } from "./split-rows.js";

export interface PretrainingLabels {
  /** [tokens], -100 where a token is not masked */
  readonly masked: Int32Array;
  /** [sequences], 0 where the second text follows, 1 where it is random */
  readonly next: Int32Array;
}

export interface PretrainingAnswer {
  /** The likeliest token for each place of the sequence. */
  readonly tokens: readonly TokenGuess[];
  /** How probable it is that its second text follows. */
  readonly follows: number;
}

/** Both of BERT's pre-training tasks at once (Devlin et al. 2019, section 3.1). */
export class Pretraining extends Head<PretrainingLabels, PretrainingAnswer> {
  readonly masked: MaskedLanguage;
  readonly next: NextSentence;
  readonly #vocabulary: number;

  /** Throws `ShapeError` for a word table of another size. */
  constructor(options: MaskedLanguageOptions) {
    super();
    this.masked = new MaskedLanguage(options);
    this.next = new NextSentence(options);
    this.#vocabulary = options.vocabulary;
  }

  /** The logits of both, flat: [tokens, vocabulary], then [sequences, 2]. Throws `UnsupportedError` without a pooler. */
  override forward(encoded: EncoderOutput): Tensor {
    const parts = [this.masked.forward(encoded), this.next.forward(encoded)];
    return concatRows(parts.map((part) => reshape(part, [sizeOf(part.shape)])));
  }

  /** The sum of both losses, each as its head has it. → [] */
  override loss(encoded: EncoderOutput, { masked, next }: PretrainingLabels): Tensor {
    return add(this.masked.loss(encoded, masked), this.next.loss(encoded, next));
  }

  /** Throws `ShapeError` unless the numbers are those of these encodings, without which they cannot be told apart. */
  override answer(values: Values, _shape: Shape, encodings: readonly Encoding[] = []): PretrainingAnswer[] {
    const sequences = encodings.length;
    const tokens = encodings.reduce((sum, { length }) => sum + length, 0);
    const masked = tokens * this.#vocabulary;
    if (values.length !== masked + 2 * sequences) {
      throw new ShapeError(
        `${values.length} numbers are not the logits of ${sequences} encodings of ${tokens} tokens: ` +
          "give the encodings that the batch was packed from",
      );
    }
    const guesses = this.masked.answer(values.subarray(0, masked), [tokens, this.#vocabulary]);
    const follows = this.next.answer(values.subarray(masked), [sequences, 2]);
    return splitSequences(guesses, encodings).map((own, i) => ({ tokens: own, follows: follows[i]! }));
  }
}
