import { Failure } from "../failure.js";
import { type Line, longestLine } from "./read-lines.js";

/** How the fields of a table of text are told apart. */
export interface Delimiters {
  readonly delimiter: "," | "\t";
  /** Whether quotes around a field are its delimiters, as in RFC 4180, or characters of its text. */
  readonly quotes: boolean;
}

/** A row of a table of text. */
export interface DelimitedRecord {
  readonly fields: readonly string[];
  /** The number of its first line. */
  readonly number: number;
  readonly position: number;
}

/**
 * Puts lines together to records, as RFC 4180 has them. A quote within a field that did not open with one is a character
 * of it, and so are all quotes of a field that goes on after the second of them.
 */
export class DelimitedRecords {
  #fields: string[] = [];
  #number = 0;
  #open: { readonly number: number; value: string } | undefined;
  #sawQuotes = false;

  constructor(
    readonly name: string,
    readonly delimiters: Delimiters,
  ) {}

  /** What to do where fields and header don't match: mostly it is quotes that are no delimiters, or are missing. */
  get advice(): string {
    if (this.#sawQuotes) return noQuotesHint;
    return this.delimiters.delimiter === ","
      ? "a field with a comma in it stands in quotes"
      : "tabs delimit the fields";
  }

  /** The records that end in these lines; those of earlier lines must have been gone through. */
  *endingIn(lines: Iterable<Line>): Generator<DelimitedRecord> {
    const { delimiter, quotes } = this.delimiters;
    for (const line of lines) {
      const { text, number, position } = line;
      if (this.#open === undefined && !(quotes && text.includes('"'))) {
        yield { fields: text.split(delimiter), number, position };
      } else if (this.#addFields(line)) {
        yield { fields: this.#fields, number: this.#number, position };
        this.#fields = [];
      }
    }
  }

  /** @throws {Failure} where the file ended within quotes. */
  end(): void {
    if (this.#open) throw this.#failure(this.#open.number, "a quote that opens in this line is never closed");
  }

  /** Whether the record ends with this line. */
  #addFields(line: Line): boolean {
    const { text, number } = line;
    this.#sawQuotes = true;
    if (this.#open === undefined) this.#number = number;
    for (let at = 0; ; at++) {
      const end =
        this.#open !== undefined || text[at] === '"' ? this.#addQuoted(line, at) : this.#addPlain(text, at, at);
      if (end === undefined) return false;
      if (end === text.length) return true;
      at = end;
    }
  }

  /** Adds the field from `start` to the first delimiter after `from`, and gives its end. */
  #addPlain(text: string, start: number, from: number): number {
    const delimiter = text.indexOf(this.delimiters.delimiter, from);
    const end = delimiter < 0 ? text.length : delimiter;
    this.#fields.push(text.slice(start, end));
    return end;
  }

  /** Adds the field that opens at `start`, or goes on there, and gives its end; undefined where it does not end here. */
  #addQuoted({ text, number, ending }: Line, start: number): number | undefined {
    let from = this.#open === undefined ? start + 1 : start;
    this.#open ??= { number, value: "" };
    const open = this.#open;
    for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', from)) {
      const next = text[quote + 1];
      if (next === '"') {
        open.value += text.slice(from, quote + 1);
        from = quote + 2;
        continue;
      }
      this.#open = undefined;
      if (next === undefined || next === this.delimiters.delimiter) {
        this.#fields.push(open.value + text.slice(from, quote));
        return quote + 1;
      }
      if (open.number === number) return this.#addPlain(text, start, quote);
      throw this.#failure(open.number, `the quote that opens in this line closes in line ${number}, before more text`);
    }
    open.value += text.slice(from) + ending;
    if (open.value.length <= longestLine) return undefined;
    throw this.#failure(open.number, `the field that opens in this line is longer than ${longestLine / 2 ** 20} MiB`);
  }

  #failure(line: number, problem: string): Failure {
    return new Failure(`${this.name}:${line}: ${problem}`, { hint: noQuotesHint });
  }
}

const noQuotesHint = "if quotes are part of the texts in this file, add --no-quotes";
