import { cjkClass, whitespaceClass } from "../character-classes.js";
import type { Stage } from "../normalization.js";
import { bertNormalization, type NormalizationOptions, type Reference } from "../reference.js";
import { textOf, wholeSpan } from "../span.js";
import { splitWords } from "../split-words.js";
import type { Work } from "./turns.js";
import { WordTable } from "./word-table.js";

/** How {@link WordCounter} counts. */
export interface WordCounterOptions {
  readonly normalization: NormalizationOptions;
  readonly reference: Reference;
  /** Words of more code points are left out. */
  readonly longestWord: number;
  /** Different words to remember at most. */
  readonly wordLimit: number;
}

/**
 * Counts the words that a tokenizer would cut texts into. Texts are first cut where no stage looks across (white
 * space, Han characters, most of ASCII's punctuation), and what is between is normalised once however often it comes.
 */
export class WordCounter {
  /** Every word, as often as it was seen. */
  words = 0;
  /** Those of them that are too long. */
  longWords = 0;
  /** How much too small a count may be: 0 until there were more different words than the limit. */
  countError = 0;
  #table = new WordTable();
  #runs = new WordTable();
  readonly #options: WordCounterOptions;
  readonly #stages: readonly Stage[];
  readonly #ascii = asciiClasses();

  constructor(options: WordCounterOptions) {
    this.#options = options;
    this.#stages = bertNormalization(options.normalization, options.reference);
  }

  /** Counts the words of a text; some are counted only by `finish`. */
  *add(text: string): Work<void> {
    const { classify } = this.#options.reference;
    let start = 0;
    let pause = pauseLength;
    for (let at = 0; at < text.length; ) {
      const unit = text.charCodeAt(at);
      const codePoint = unit >= 0xd800 && unit <= 0xdfff ? (text.codePointAt(at) as number) : unit;
      const next = codePoint > 0xffff ? at + 2 : at + 1;
      const classes = unit < 0x80 ? (this.#ascii[unit] as number) : classify(codePoint) & (whitespaceClass | cjkClass);
      if (classes !== 0) {
        this.#addRun(text, start, at);
        if (classes !== whitespaceClass) this.#addRun(text, at, next);
        start = next;
      }
      at = next;
      if (at < pause) continue;
      pause = at + pauseLength;
      yield* this.#normalizeRuns(runLimit);
    }
    this.#addRun(text, start, text.length);
    yield* this.#normalizeRuns(runLimit);
  }

  /** Every word that is not too long, with its count. */
  *finish(): Work<WordTable> {
    yield* this.#normalizeRuns(0);
    return this.#table;
  }

  #addRun(text: string, from: number, to: number): void {
    if (to - from > longestRun) this.#normalize(text.slice(from, to), 1);
    else if (from < to) this.#runs.add(text, from, to, 1);
  }

  /** Makes words of the runs, where there are more than a limit. */
  *#normalizeRuns(limit: number): Work<void> {
    yield;
    if (this.#runs.length <= limit) return;
    const runs = this.#runs;
    this.#runs = new WordTable();
    for (let run = 0; run < runs.length; run++) {
      this.#normalize(runs.word(run), runs.count(run));
      if (this.#table.length > this.#options.wordLimit) yield* this.#forgetRarest();
      if (run % 64 === 0) yield;
    }
  }

  #normalize(run: string, count: number): void {
    const { longestWord, reference } = this.#options;
    const spans = this.#stages.reduce<ReturnType<Stage>>((changed, stage) => stage(changed), [wholeSpan(run)]);
    for (const parts of splitWords(spans, reference.classify)) {
      const word = textOf(parts);
      this.words += count;
      if (isLonger(word, longestWord)) this.longWords += count;
      else this.#table.add(word, 0, word.length, count);
    }
  }

  /**
   * Forgets the rarest words, a quarter at least (Manku and Motwani 2002, in the form that forgets when memory is
   * full). A word that comes again starts from 0, so that its count is too small by what has been forgotten of it.
   */
  *#forgetRarest(): Work<void> {
    const table = this.#table;
    const rare = yield* this.#rareCount();
    this.countError += rare;
    const kept = new WordTable();
    for (let index = 0; index < table.length; index++) {
      const word = table.word(index);
      const count = table.count(index);
      if (count > rare) kept.add(word, 0, word.length, count);
      if (index % 1024 === 0) yield;
    }
    this.#table = kept;
  }

  /** The smallest count that at least a quarter of the words do not exceed. */
  *#rareCount(): Work<number> {
    const table = this.#table;
    const withCount = new Map<number, number>();
    for (let index = 0; index < table.length; index++) {
      const count = table.count(index);
      withCount.set(count, (withCount.get(count) ?? 0) + 1);
      if (index % 1024 === 0) yield;
    }
    let rare = 0;
    let words = 0;
    for (const [count, alike] of [...withCount].sort(([a], [b]) => a - b)) {
      rare = count;
      words += alike;
      if (4 * words >= table.length) break;
    }
    return rare;
  }
}

/** UTF-16 units between two places where counting may be interrupted. */
const pauseLength = 1 << 14;

/** Different runs to remember before words are made of them. */
const runLimit = 1 << 17;

/** Runs of more units seldom come twice, and are not remembered. */
const longestRun = 64;

/**
 * Which class makes an ASCII character stand alone: white space, which is dropped, or as Han characters do. Of
 * punctuation those are left out (' . : ^ `) across which lower-casing in context looks whether a Σ is the last letter
 * of its word.
 */
function asciiClasses(): Uint8Array {
  return Uint8Array.from({ length: 0x80 }, (_, unit) => {
    const character = String.fromCharCode(unit);
    if (" \t\n\r".includes(character)) return whitespaceClass;
    return '!"#$%&()*+,-/;<=>?@[\\]_{|}~'.includes(character) ? cjkClass : 0;
  });
}

function isLonger(word: string, limit: number): boolean {
  return word.length > limit && (word.length > 2 * limit || [...word].length > limit);
}
