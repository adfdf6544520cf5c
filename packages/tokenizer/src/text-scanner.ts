import { punctuationClass, whitespaceClass } from "./character-classes.js";
import {
  CharacterPlans,
  type CharacterRules,
  contextKind,
  isolatedKind,
  kindBits,
  kindWidth,
  letterKind,
  removedKind,
  spaceKind,
  textKind,
} from "./character-plans.js";
import { PieceBuffer } from "./piece-buffer.js";
import { splitWords } from "./split-words.js";
import type { TokenSink } from "./token-buffer.js";
import type { WordPiece } from "./word-piece.js";
import { WordUnits } from "./word-units.js";

/** Where the tokens of a text go, how many are wanted, and how many words there have been. */
export interface TokenRun {
  readonly tokens: TokenSink;
  readonly wanted: number;
  words: number;
}

/**
 * BERT's whole way from text to tokens in one pass over UTF-16 units, without a span or a string for a word. What
 * depends on its neighbours, such as a mark that ordering may move, goes the way of the stages, with all that stands
 * between the same white space.
 */
export class TextScanner {
  readonly #rules: CharacterRules;
  readonly #plans: CharacterPlans;
  readonly #model: WordPiece;
  readonly #word: WordUnits;
  readonly #pieces = new PieceBuffer();
  /** Ids of words of one unit, plus one; 0 for those that have not been looked for. */
  readonly #unitIds = new Int32Array(0x10000);

  constructor(rules: CharacterRules, model: WordPiece) {
    this.#rules = rules;
    this.#plans = new CharacterPlans(rules);
    this.#model = model;
    this.#word = new WordUnits(2 * model.longestWord);
  }

  /** Adds the tokens of a stretch of well-formed text, until there are as many as are wanted. */
  scan(text: string, { from, to }: { readonly from: number; readonly to: number }, run: TokenRun): void {
    const plans = this.#plans.units;
    const word = this.#word;
    const { tokens, wanted } = run;
    const mark = { at: from, tokens: tokens.length, words: run.words }; // what is before has no bearing on what follows
    word.clear();
    for (let at = from; at < to; ) {
      const plan = plans[text.charCodeAt(at)] || this.#plans.of(text.codePointAt(at) as number);
      const kind = plan & kindBits;
      if (kind === letterKind) {
        word.add(plan >> kindWidth, at, ++at);
        continue;
      }
      const end = isPair(text, at) ? at + 2 : at + 1;
      if (kind === contextKind) {
        tokens.length = mark.tokens;
        run.words = mark.words;
        word.clear();
        at = this.#scanInContext(text, { from: mark.at, at, to }, run);
      } else {
        this.#take(plan, { start: at, end }, run);
        at = end;
      }
      if (tokens.length >= wanted) return;
      if (kind !== spaceKind && kind !== isolatedKind) continue;
      mark.at = at;
      mark.tokens = tokens.length;
      mark.words = run.words;
    }
    this.#endWord(run);
  }

  /** Does what a plan says of a character that is no letter. */
  #take(plan: number, { start, end }: SourceRange, run: TokenRun): void {
    const kind = plan & kindBits;
    if (kind === removedKind) return;
    if (kind === textKind) {
      this.#takeText(this.#plans.text(plan), { start, end }, run);
      return;
    }
    this.#endWord(run);
    if (kind === spaceKind) return;
    run.tokens.push(this.#idOfUnit(plan >> kindWidth), start, end, run.words++);
  }

  /** Takes the text that has the place of one character. */
  #takeText(text: string, { start, end }: SourceRange, run: TokenRun): void {
    const isAligned = text.length === end - start;
    let at = 0;
    for (const character of text) {
      const classes = this.#rules.classify(character.codePointAt(0) as number);
      if (classes & (whitespaceClass | punctuationClass)) this.#endWord(run);
      for (const next = at + character.length; at < next; at++) {
        if (classes & whitespaceClass) continue;
        if (isAligned) this.#word.add(text.charCodeAt(at), start + at, start + at + 1);
        else this.#word.add(text.charCodeAt(at), start, end);
      }
      if (classes & punctuationClass) this.#endWord(run);
    }
  }

  /** The id of a word of one unit; it is one piece whatever it is. */
  #idOfUnit(unit: number): number {
    const known = this.#unitIds[unit] as number;
    if (known > 0) return known - 1;
    this.#model.cut({ units: Uint16Array.of(unit), length: 1 }, this.#pieces);
    const id = this.#pieces.ids[0] as number;
    this.#unitIds[unit] = id + 1;
    return id;
  }

  #endWord(run: TokenRun): void {
    const word = this.#word;
    if (word.length === 0) return;
    const { starts, ends } = word;
    const { tokens } = run;
    const pieces = this.#pieces;
    this.#model.cut(word, pieces);
    const number = run.words++;
    let from = 0;
    for (let piece = 0; piece < pieces.length; piece++) {
      const to = pieces.ends[piece] as number;
      tokens.push(pieces.ids[piece] as number, starts[from] as number, ends[to - 1] as number, number);
      from = to;
    }
    word.clear();
  }

  /** Takes the way of the stages to the next white space; says where that is. */
  #scanInContext(text: string, { from, at, to }: { from: number; at: number; to: number }, run: TokenRun): number {
    let end = at;
    while (end < to) {
      const codePoint = text.codePointAt(end) as number;
      const kind = this.#plans.of(codePoint) & kindBits;
      if (kind === spaceKind || kind === isolatedKind) break;
      end += codePoint > 0xffff ? 2 : 1;
    }
    const spans = this.#rules.normalize([{ text: text.slice(from, end), start: from, end }]);
    for (const word of splitWords(spans, this.#rules.classify)) this.#model.tokenize(word, run.words++, run.tokens);
    return end;
  }
}

/** Whether a character of well-formed text is a pair of surrogates. */
function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdfff;
}

interface SourceRange {
  readonly start: number;
  readonly end: number;
}
