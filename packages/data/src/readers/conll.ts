import { DataError, shown } from "../data-error.js";
import { cellsOf } from "../text/cells.js";
import { type Line, linesOf, type TextSource } from "../text/lines.js";

/** The words of a sentence, with a tag each. */
export interface TaggedSentence {
  /** Of its first word, from 1. */
  readonly line: number;
  /** Of which of the file's documents it is, from 0; files without `-DOCSTART-` are one document. */
  readonly document: number;
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Options of {@link readConll}. */
export interface ConllOptions {
  /** The column of words, from 1; the first one unless given. */
  readonly wordColumn?: number | undefined;
  /** The column of tags, from 1; the last one unless given. */
  readonly tagColumn?: number | undefined;
}

/** More words without a blank line are an error: they would be read into memory as one sentence. */
const longestSentence = 2 ** 20;

/**
 * Sentences of a file with a word and its tags in each line and a blank line after each sentence: CoNLL-2003 (four
 * columns between spaces, `-DOCSTART-` lines), WNUT-17 (two between tabs; blank lines may hold a tab) and their kin.
 * A line with a tab is cut at tabs, so that words may hold spaces, any other one at spaces.
 * @throws {DataError} `columns` for a line of another width than the first or without these columns, `value` for an
 * empty word or tag, `limit` for a sentence of more than 2^20 words, `argument` for columns that are not numbers from
 * 1.
 */
export async function* readConll(source: TextSource, options: ConllOptions = {}): AsyncGenerator<TaggedSentence> {
  const reader = new SentenceReader(options);
  for await (const line of linesOf(source)) {
    const sentence = reader.sentenceEndingAt(line);
    if (sentence) yield sentence;
  }
  const last = reader.lastSentence();
  if (last) yield last;
}

/** Gathers words until a blank line comes. */
class SentenceReader {
  readonly #wordIndex: number | undefined;
  readonly #tagIndex: number | undefined;
  #words: string[] = [];
  #tags: string[] = [];
  #line = 0;
  #document = 0;
  #begun = false;
  #width: number | undefined;

  constructor({ wordColumn, tagColumn }: ConllOptions) {
    this.#wordIndex = indexOf(wordColumn ?? 1, "wordColumn");
    this.#tagIndex = tagColumn === undefined ? undefined : indexOf(tagColumn, "tagColumn");
  }

  sentenceEndingAt({ text, number }: Line): TaggedSentence | undefined {
    if (text.trim() === "") return this.lastSentence();
    const cells = wordAndTags(text, number);
    if (cells[0] === "-DOCSTART-") {
      const sentence = this.lastSentence();
      if (this.#begun) this.#document++;
      return sentence;
    }
    this.#add(cells, number);
    return undefined;
  }

  lastSentence(): TaggedSentence | undefined {
    if (this.#words.length === 0) return undefined;
    const sentence = { line: this.#line, document: this.#document, words: this.#words, tags: this.#tags };
    this.#words = [];
    this.#tags = [];
    return sentence;
  }

  #add(cells: readonly string[], line: number): void {
    this.#checkWidth(cells, line);
    const word = cells[this.#wordIndex ?? 0];
    const tag = cells[this.#tagIndex ?? cells.length - 1];
    if (!word || !tag) {
      throw new DataError("value", `wanted a word and its tag, came ${shown(cells.join("\t"))}`, { line });
    }
    if (this.#words.length === 0) this.#line = line;
    if (this.#words.length === longestSentence) {
      const problem = `wanted a blank line after each sentence, came ${longestSentence} words without one`;
      throw new DataError("limit", problem, { line: this.#line });
    }
    this.#begun = true;
    this.#words.push(word);
    this.#tags.push(tag);
  }

  #checkWidth(cells: readonly string[], line: number): void {
    const least = Math.max(2, (this.#wordIndex ?? 0) + 1, (this.#tagIndex ?? 0) + 1);
    const width = this.#width ?? Math.max(least, cells.length);
    if (cells.length !== width) {
      const wanted = this.#width === undefined ? `at least ${width} columns` : `${width} columns as before`;
      throw new DataError("columns", `wanted ${wanted}, came ${cells.length}: ${shown(cells.join("\t"))}`, { line });
    }
    this.#width = width;
  }
}

function indexOf(column: number, name: string): number {
  if (Number.isSafeInteger(column) && column >= 1) return column - 1;
  throw new DataError("argument", `${name}: wanted a column's number, from 1, came ${column}`);
}

/** Spaces and tabs only: words may hold other white space. */
function wordAndTags(text: string, line: number): string[] {
  if (text.includes("\t")) return cellsOf(text, "\t", { line });
  return cellsOf(text, / +/, { line }).filter((cell) => cell !== "");
}
