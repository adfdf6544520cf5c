import type { Truncation } from "./truncation.js";

/** How texts of any form are fitted into a sequence. */
export interface FitOptions {
  /** Tokens at most, special tokens included; no limit where absent. */
  readonly maxLength?: number | undefined;
  /** Who gives up tokens beyond `maxLength`; `longest_first` where absent. */
  readonly truncation?: Truncation | undefined;
  /** The end that is cut off; `right` where absent. */
  readonly truncationSide?: "left" | "right" | undefined;
  /** Whether to add `[CLS]` and `[SEP]`; true where absent. */
  readonly addSpecialTokens?: boolean | undefined;
}

/** How {@link BertTokenizer.encode} goes about it. */
export interface EncodeOptions extends FitOptions {
  /** A second text. The empty text is a pair too. */
  readonly pair?: string | undefined;
}

/** How {@link BertTokenizer.encodeWords} goes about it. */
export interface WordsOptions extends FitOptions {
  /** The words of a second text. No words are a pair too. */
  readonly pair?: readonly string[] | undefined;
}

/** How {@link encodeWindows} goes about it. */
export interface WindowOptions extends FitOptions {
  /** A second text, or its words. */
  readonly pair?: string | readonly string[] | undefined;
  /** Tokens of a window at most, special tokens included. */
  readonly maxLength: number;
  /** Tokens that a window has in common with the one before; none where absent. */
  readonly stride?: number | undefined;
}

/** What {@link BertTokenizer.countTokens} counts. */
export type CountOptions = Pick<EncodeOptions, "pair" | "addSpecialTokens">;

/** How {@link BertTokenizer.decode} goes about it. */
export interface DecodeOptions {
  readonly skipSpecialTokens?: boolean | undefined;
  /** Whether to take out spaces before punctuation; as the files say where absent. */
  readonly cleanUp?: boolean | undefined;
}
