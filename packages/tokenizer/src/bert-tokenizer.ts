import { withAddedTokens } from "./added-vocabulary.js";
import { joinTokens } from "./decoder.js";
import type { CountOptions, DecodeOptions, EncodeOptions, FitOptions, WordsOptions } from "./encode-options.js";
import type { Encoding } from "./encoding.js";
import { type Frame, fitted, fittedIds, frameOf } from "./fit.js";
import type { SpecialTokens, TokenizerSettings } from "./settings.js";
import { TextTokenizer } from "./text-tokenizer.js";
import { IdBuffer, TokenBuffer, TokenCount, type TokenSink } from "./token-buffer.js";
import { type ConfigOptions, configuredSettings } from "./tokenizer-config.js";
import { TokenizerError } from "./tokenizer-error.js";
import { type TokenizerJsonOptions, tokenizerJsonSettings } from "./tokenizer-json.js";
import { parseVocabulary, type Vocabulary } from "./vocabulary.js";

/** BERT's tokenizer: text to ids and back, with the range of the source for every token. */
export class BertTokenizer {
  /** All tokens, added ones included. */
  readonly vocabulary: Vocabulary;
  readonly settings: TokenizerSettings;
  readonly #texts: TextTokenizer;
  readonly #special: ReadonlySet<string>;
  readonly #decoded: ReadonlyMap<number, string>;
  readonly #buffers = [new TokenBuffer(), new TokenBuffer()] as const;
  readonly #idBuffers = [new IdBuffer(), new IdBuffer()] as const;

  /**
   * Reads a `vocab.txt`, with what a `tokenizer_config.json` says where there is one.
   * @throws {TokenizerError} `invalid_file`; `missing_token` where [UNK], [CLS] or [SEP] is not in the vocabulary;
   * `unknown_case` where nothing says whether to lower-case and the vocabulary has upper-case tokens.
   */
  static fromVocabulary(vocabulary: string, options: ConfigOptions = {}): BertTokenizer {
    return new BertTokenizer(configuredSettings(parseVocabulary(vocabulary), options));
  }

  /**
   * Reads a `tokenizer.json`, as text or parsed. A `tokenizer_config.json` beside it adds the model's maximum length.
   * @throws {TokenizerError} `invalid_file`; `unsupported` where a part is none of BERT's own or of `parts`, which the message names.
   */
  static fromTokenizerJson(json: unknown, options: TokenizerJsonOptions = {}): BertTokenizer {
    return new BertTokenizer(tokenizerJsonSettings(json, options));
  }

  /** @throws {TokenizerError} `missing_token` where the vocabulary lacks the unknown token. */
  constructor(settings: TokenizerSettings) {
    const { addedTokens } = settings;
    this.settings = settings;
    this.vocabulary = withAddedTokens(settings.vocabulary, addedTokens);
    this.#texts = new TextTokenizer(settings);
    this.#special = new Set(addedTokens.filter(({ special }) => special).map(({ content }) => content));
    // As in Hugging Face's: tokens that are looked for in normalised text come back normalised, and then a special token
    // is known by that text too, so that a special [NEW] which came back as [new] is not skipped.
    this.#decoded = new Map(
      addedTokens.map(({ content, id, normalized }) => [id, normalized ? this.#texts.normalized(content) : content]),
    );
  }

  /** Ids of the tokens with a part to play. */
  get specialTokens(): SpecialTokens {
    return this.settings.specialTokens;
  }

  /** The longest input that the files allow, special tokens included; undefined where they name none. */
  get modelMaxLength(): number | undefined {
    return this.settings.modelMaxLength;
  }

  /** How many special tokens `encode` puts round a text, or a pair. */
  addedTokenCount(pair = false): number {
    return this.settings.templates[pair ? "pair" : "single"].added;
  }

  /**
   * The tokens of a text, or of a pair of texts. Any string has a result: what is not text (NUL, controls, lone surrogates)
   * is dropped, and the ranges are those of the string as it was given.
   * @throws {TokenizerError} `invalid_option`; `maximum_too_short` where `maxLength` has no room for the special tokens, or
   * cutting only one sequence does not suffice.
   */
  encode(text: string, options: EncodeOptions = {}): Encoding {
    const frame = frameOf(this, options.pair !== undefined, options);
    return fitted(this.#fill(this.#buffers, text, { frame, pair: options.pair }), frame);
  }

  /**
   * The ids alone that `encode` gives, for those who need nothing else: in less time and memory.
   * @throws {TokenizerError} as `encode`.
   */
  encodeIds(text: string, options: EncodeOptions = {}): Int32Array {
    const frame = frameOf(this, options.pair !== undefined, options);
    return fittedIds(this.#fill(this.#idBuffers, text, { frame, pair: options.pair }), frame);
  }

  /**
   * The tokens of words that were split before, for labels that belong to words: ranges are those inside each word, word
   * numbers those of the words given. A word may become several tokens, of several words even, or none.
   * @throws {TokenizerError} as `encode`.
   */
  encodeWords(words: readonly string[], options: WordsOptions = {}): Encoding {
    const { pair } = options;
    const frame = frameOf(this, pair !== undefined, options);
    const texts = pair === undefined ? [words] : [words, pair];
    if (!texts.every(isWords)) throw new TokenizerError("invalid_option", "encodeWords: wanted arrays of words");
    return fitted(
      texts.map((text) => this.#tokensOf(text)),
      frame,
    );
  }

  /**
   * The encodings of many texts, or pairs of texts, one for each.
   * @throws {TokenizerError} as `encode`.
   */
  encodeBatch(
    texts: readonly (string | readonly [text: string, pair: string])[],
    options: FitOptions = {},
  ): readonly Encoding[] {
    return texts.map((given) =>
      isWords(given) ? this.encode(given[0], { ...options, pair: given[1] }) : this.encode(given, options),
    );
  }

  /**
   * How many tokens `encode` gives without a maximum length, special tokens included unless they are turned off; nothing
   * is kept of them.
   * @throws {TokenizerError} `invalid_option` where a text is no string.
   */
  countTokens(text: string, options: CountOptions = {}): number {
    const { pair } = options;
    const tokens = new TokenCount();
    this.#texts.tokenize(text, tokens, Number.POSITIVE_INFINITY);
    const first = tokens.length;
    if (pair === undefined) return first + frameOf(this, false, options).template.added;
    this.#texts.tokenize(pair, tokens, Number.POSITIVE_INFINITY);
    return first + tokens.length + frameOf(this, true, options).template.added;
  }

  /**
   * The text that ids stand for, as near as it can be told: white space, case and accents are those of the tokens.
   * Ids beyond the vocabulary, which a padded output layer can have, stand for nothing.
   * @throws {TokenizerError} `invalid_option` where an id is no whole number from 0.
   */
  decode(ids: Iterable<number>, { skipSpecialTokens = false, cleanUp }: DecodeOptions = {}): string {
    const tokens: string[] = [];
    for (const id of ids) {
      if (!Number.isInteger(id) || id < 0) throw new TokenizerError("invalid_option", `decode: wanted ids, not ${id}`);
      const token = this.#decoded.get(id) ?? this.vocabulary.token(id);
      if (token !== undefined && !(skipSpecialTokens && this.#special.has(token))) tokens.push(token);
    }
    const { decoder } = this.settings;
    return joinTokens(tokens, { ...decoder, cleanUp: cleanUp ?? decoder.cleanUp });
  }

  /** Fills a buffer with the tokens of a text, as many as a frame needs, and another with those of its pair. */
  #fill<Sink extends TokenSink>(
    [first, second]: readonly [Sink, Sink],
    text: string,
    { frame, pair }: { frame: Frame; pair: string | undefined },
  ): readonly Sink[] {
    // A single text cut at its end need not be read beyond one token more than fits.
    const isEndless = pair !== undefined || frame.truncationSide === "left";
    const wanted = isEndless ? Number.POSITIVE_INFINITY : frame.budget + 1;
    this.#texts.tokenize(text, first, wanted);
    if (pair === undefined) return [first];
    this.#texts.tokenize(pair, second, wanted);
    return [first, second];
  }

  /** The tokens of words with the words' numbers, in a buffer of its own. */
  #tokensOf(words: readonly string[]): TokenBuffer {
    const tokens = new TokenBuffer();
    const [ofWord] = this.#buffers;
    words.forEach((word, number) => {
      this.#texts.tokenize(word, ofWord, Number.POSITIVE_INFINITY);
      const { ids, starts, ends, length } = ofWord;
      for (let at = 0; at < length; at++) {
        tokens.push(ids[at] as number, starts[at] as number, ends[at] as number, number);
      }
    });
    return tokens;
  }
}

const isWords = (text: string | readonly string[]): text is readonly string[] => Array.isArray(text);
