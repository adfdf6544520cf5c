import { AddedTokens } from "./added-tokens.js";
import { normalizationOf, wordsOf } from "./pipeline.js";
import { dependsOnNeighbours, references } from "./reference.js";
import type { TokenizerSettings } from "./settings.js";
import type { Span } from "./span.js";
import type { Word } from "./split-words.js";
import { TextScanner, type TokenRun } from "./text-scanner.js";
import type { TokenSink } from "./token-buffer.js";
import { TokenizerError } from "./tokenizer-error.js";
import { WordPiece } from "./word-piece.js";

/** Finds the tokens of texts, with no template round them: in one pass where settings are BERT's own, else by stages. */
export class TextTokenizer {
  readonly #addedTokens: AddedTokens;
  readonly #words: (spans: readonly Span[]) => readonly Word[];
  readonly #model: WordPiece;
  readonly #makeScanner: (() => TextScanner) | undefined;
  /** Made for the first text: it takes some megabytes. */
  #scanner: TextScanner | undefined;

  /** @throws {TokenizerError} `missing_token` where the vocabulary lacks the unknown token. */
  constructor(settings: TokenizerSettings) {
    const { addedTokens, normalization, normalizer, preTokenizer } = settings;
    const reference = references[settings.reference];
    const inText = addedTokens.filter(({ special }) => !special || reference.specialTokensInText);
    const normalize = normalizationOf(settings);
    this.#addedTokens = new AddedTokens(inText, normalize);
    this.#words = wordsOf(settings);
    this.#model = new WordPiece(settings);
    if (normalizer !== undefined || preTokenizer !== undefined || this.#addedTokens.lookInNormalized) return;
    const { classify } = reference;
    const isContextual = dependsOnNeighbours(normalization, reference);
    this.#makeScanner = () => new TextScanner({ normalize, classify, isContextual }, this.#model);
  }

  /** What normalisation makes of a text. */
  normalized(text: string): string {
    return this.#addedTokens.normalized(text);
  }

  /**
   * Gives a sink the tokens of a text and nothing else, at least as many as are wanted if there are so many.
   * @throws {TokenizerError} `invalid_option` where the text is no string.
   */
  tokenize(text: string, tokens: TokenSink, wanted: number): void {
    if (typeof text !== "string") {
      throw new TokenizerError(
        "invalid_option",
        `encode: wanted a string, not ${text === null ? "null" : typeof text}`,
      );
    }
    tokens.length = 0;
    // A lone surrogate is what a decoder would have made U+FFFD; it is as long, so ranges stay.
    const wellFormed = /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Cs}/gu, "\ufffd") : text;
    const run = { tokens, wanted, words: 0 };
    this.#scanner ??= this.#makeScanner?.();
    if (this.#scanner === undefined) this.#goByStages(wellFormed, run);
    else this.#scan(this.#scanner, wellFormed, run);
  }

  #scan(scanner: TextScanner, text: string, run: TokenRun): void {
    for (const { from, to, id } of this.#addedTokens.cuts(text)) {
      if (id === undefined) scanner.scan(text, { from, to }, run);
      else run.tokens.push(id, from, to, run.words++);
      if (run.tokens.length >= run.wanted) return;
    }
  }

  #goByStages(text: string, run: TokenRun): void {
    const { tokens, wanted } = run;
    for (const { spans, id } of this.#addedTokens.split(text)) {
      if (id === undefined) {
        for (const word of this.#words(spans)) {
          this.#model.tokenize(word, run.words++, tokens);
          if (tokens.length >= wanted) return;
        }
      } else if (spans.length > 0) {
        tokens.push(id, (spans[0] as Span).start, (spans.at(-1) as Span).end, run.words++);
      }
    }
  }
}
