import type { Stage } from "./normalization.js";
import { type Span, sliceSpan, spanSlicer, textOf, wholeSpan } from "./span.js";

/** A token that is looked for in the text before anything is split, with the flags of tokenizer.json. */
export interface AddedToken {
  readonly content: string;
  readonly id: number;
  /** Left out by `decode` with `skipSpecialTokens`. */
  readonly special: boolean;
  /** Looked for in the normalised text rather than in the source. */
  readonly normalized: boolean;
  /** Counts only where no letter, digit or underscore touches it. */
  readonly singleWord: boolean;
  /** Takes the white space to its left, or right, into its range. */
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
}

/** A part of a text: an added token with its id, or text that is still to be split. */
export interface Part {
  readonly spans: readonly Span[];
  readonly id: number | undefined;
}

/** Finds added tokens: the leftmost, of those the longest; first in the source, then in what normalisation makes of the rest. */
export class AddedTokens {
  readonly #normalize: Stage;
  readonly #inSource: Finder | undefined;
  readonly #inNormalized: Finder | undefined;

  /** Of tokens with the same content the last counts. */
  constructor(given: readonly AddedToken[], normalize: Stage) {
    const tokens = [...new Map(given.map((token) => [token.content, token])).values()];
    this.#normalize = normalize;
    this.#inSource = finder(tokens.filter(({ normalized }) => !normalized).map((token) => [token.content, token]));
    this.#inNormalized = finder(
      tokens.filter(({ normalized }) => normalized).map((token) => [this.normalized(token.content), token]),
    );
  }

  /** Whether some are looked for in what normalisation makes of a text. */
  get lookInNormalized(): boolean {
    return this.#inNormalized !== undefined;
  }

  /** What normalisation makes of a text. */
  normalized(text: string): string {
    return textOf(this.#normalize([wholeSpan(text)]));
  }

  /** Cuts a text into the added tokens that are looked for in the source, and what is between them. */
  cuts(text: string): readonly Cut[] {
    return this.#inSource?.(text) ?? whole(text);
  }

  /** Cuts a text into added tokens and normalised text between them. */
  split(text: string): Part[] {
    const source = wholeSpan(text);
    const parts: Part[] = [];
    for (const { from, to, id } of this.cuts(text)) {
      const spans = [sliceSpan(source, from, to)];
      if (id !== undefined) parts.push({ spans, id });
      else this.#splitNormalized(this.#normalize(spans), parts);
    }
    return parts;
  }

  #splitNormalized(spans: readonly Span[], parts: Part[]): void {
    if (this.#inNormalized === undefined) {
      parts.push({ spans, id: undefined });
      return;
    }
    const slice = spanSlicer(spans);
    for (const { from, to, id } of this.#inNormalized(textOf(spans))) parts.push({ spans: slice(from, to), id });
  }
}

/** A stretch of a text: an added token with its id, or what is between two. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly id: number | undefined;
}

/** Cuts a text into matches and what is between them. */
type Finder = (text: string) => Cut[];

const whole = (text: string): Cut[] => [{ from: 0, to: text.length, id: undefined }];

function finder(patterns: readonly (readonly [pattern: string, token: AddedToken])[]): Finder | undefined {
  // Of tokens that normalisation makes equal the first counts.
  const tokens = new Map([...patterns].reverse().filter(([pattern]) => pattern !== ""));
  if (tokens.size === 0) return undefined;
  // The first alternative that matches is taken, so the longest stands first.
  const longestFirst = [...tokens.keys()].sort((a, b) => b.length - a.length);
  const anyToken = new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
  return (text) => {
    const cuts: Cut[] = [];
    let done = 0;
    for (const match of text.matchAll(anyToken)) {
      const token = tokens.get(match[0]) as AddedToken;
      let from = match.index;
      let to = from + match[0].length;
      if (token.singleWord && (endsWithWord(text, from) || startsWithWord(text, to))) continue;
      // White space that the token before has taken is looked at again, as in Hugging Face's: ranges may overlap in it.
      if (token.stripLeft) {
        while (from > done && isSpace(text, from - 1)) from--;
        from = Math.max(from, done);
      }
      if (token.stripRight) {
        to = Math.max(to, done);
        while (to < text.length && isSpace(text, to)) to++;
      }
      if (from >= to) continue;
      if (done < from) cuts.push({ from: done, to: from, id: undefined });
      cuts.push({ from, to, id: token.id });
      done = Math.max(done, to);
    }
    if (done < text.length) cuts.push({ from: done, to: text.length, id: undefined });
    return cuts;
  };
}

// By the engine's Unicode, where the reference has 16.0: a table would be 1.4 kB of every page, for tokens with
// `singleWord` beside letters that came with another version.
const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

const startsWithWord = (text: string, at: number): boolean =>
  at < text.length && wordCharacter.test(String.fromCodePoint(text.codePointAt(at) as number));

function endsWithWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const last = text.charCodeAt(at - 1);
  const isPair = last >= 0xdc00 && last <= 0xdfff && at > 1;
  return wordCharacter.test(isPair ? text.slice(at - 2, at) : text.charAt(at - 1));
}

const isSpace = (text: string, at: number): boolean => /\p{White_Space}/u.test(text.charAt(at));
