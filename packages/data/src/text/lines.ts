import { DataError } from "../data-error.js";

/**
 * Text to be read: whole, or in pieces that may end anywhere, such as a file's stream decoded as UTF-8. Pieces are
 * asked for one by one, so what is read line by line takes constant memory.
 */
export type TextSource = string | Iterable<string> | AsyncIterable<string>;

/** A line of a text, without what ends it. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Longer lines are an error: without a limit, a file without line ends would be read into memory whole. */
export const longestLine = 64 * 2 ** 20;

/**
 * The lines of a text. They end with \n or \r\n and nothing else (U+2028 is text), the last one needs no end, and a
 * byte order mark at the start is dropped.
 * @throws {DataError} `limit` for a line of more than {@link longestLine} UTF-16 units.
 */
export async function* linesOf(source: TextSource): AsyncGenerator<Line> {
  const splitter = new LineSplitter();
  // A string is an iterable of its characters.
  if (typeof source === "string") yield* splitter.linesOf(source);
  else for await (const piece of source) yield* splitter.linesOf(piece);
  yield* splitter.lastLine();
}

/** A text without the byte order mark that it may begin with. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Cuts pieces into lines, holding what the last piece left unfinished. */
class LineSplitter {
  #number = 0;
  #unfinished: string[] = [];
  #length = 0;

  *linesOf(piece: string): Generator<Line> {
    let start = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
      this.#keep(piece.slice(start, end));
      start = end + 1;
      yield this.#line(true);
    }
    this.#keep(piece.slice(start));
  }

  *lastLine(): Generator<Line> {
    if (this.#length > 0) yield this.#line(false);
  }

  #keep(part: string): void {
    if (part === "") return;
    this.#unfinished.push(part);
    this.#length += part.length;
    if (this.#length <= longestLine) return;
    const problem = `wanted lines of at most ${longestLine} UTF-16 units, this one is longer: is it text, in lines?`;
    throw new DataError("limit", problem, { line: this.#number + 1 });
  }

  #line(ended: boolean): Line {
    const number = ++this.#number;
    const whole = this.#unfinished.length === 1 ? (this.#unfinished[0] as string) : this.#unfinished.join("");
    this.#unfinished = [];
    this.#length = 0;
    const text = ended && whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    return { text: number === 1 ? withoutMark(text) : text, number };
  }
}
