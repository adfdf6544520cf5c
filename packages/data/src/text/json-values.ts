import { DataError } from "../data-error.js";
import { JsonObject, parseJson } from "./json-object.js";
import { type Line, linesOf, longestLine, type TextSource } from "./lines.js";

/**
 * Parsers of the objects of JSON lines, one for each line that is not blank, so that a bad line can be left out.
 * They throw a {@link DataError}, `json` or `shape`, with the line.
 */
export async function* jsonLines(source: TextSource): AsyncGenerator<() => JsonObject> {
  for await (const { text, number } of linesOf(source)) {
    const place = { line: number };
    if (text.trim() !== "") yield () => new JsonObject(parseJson(text, place), place);
  }
}

/**
 * Objects and arrays of JSON that follow one another, with or without line breaks between and within them, each with
 * the line that it begins in.
 * @throws {DataError} `json` where something else stands between them or one has no end; `limit` where one has more
 * than {@link longestLine} UTF-16 units.
 */
export async function* jsonValues(source: TextSource): AsyncGenerator<Line> {
  const splitter = new ValueSplitter();
  for await (const line of linesOf(source)) yield* splitter.valuesEndingIn(line);
  splitter.end();
}

/** Finds where values end by counting brackets; whether they are JSON is for the parser to say. */
class ValueSplitter {
  #depth = 0;
  #begun: string[] = [];
  #length = 0;
  #firstLine = 0;

  *valuesEndingIn({ text, number }: Line): Generator<Line> {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at] as string;
      if (this.#depth === 0) {
        if (isSpace(character)) continue;
        this.#begin(character, number);
        from = at;
      } else if (character === '"') {
        at = endOfString(text, at, number);
      } else if (character === "{" || character === "[") {
        this.#depth++;
      } else if ((character === "}" || character === "]") && --this.#depth === 0) {
        yield this.#value(text.slice(from, at + 1));
      }
    }
    if (this.#depth > 0) this.#keep(text.slice(from));
  }

  end(): void {
    if (this.#depth === 0) return;
    throw new DataError("json", "wanted whole JSON, this value has no end", { line: this.#firstLine });
  }

  #begin(character: string, line: number): void {
    if (character !== "{" && character !== "[") {
      throw new DataError("json", `wanted a JSON object, came something that begins with ${character}`, { line });
    }
    this.#depth = 1;
    this.#firstLine = line;
  }

  #value(lastPart: string): Line {
    const text = this.#begun.length === 0 ? lastPart : `${this.#begun.join("\n")}\n${lastPart}`;
    this.#begun = [];
    this.#length = 0;
    return { text, number: this.#firstLine };
  }

  #keep(part: string): void {
    this.#begun.push(part);
    this.#length += part.length + 1;
    if (this.#length <= longestLine) return;
    const problem = `wanted JSON values of at most ${longestLine} UTF-16 units, this one is longer`;
    throw new DataError("limit", problem, { line: this.#firstLine });
  }
}

/** Where the quote stands that ends the string which begins at `start`. */
function endOfString(text: string, start: number, line: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  throw new DataError("json", "wanted whole JSON, a string has no end in this line", { line });
}

const isSpace = (character: string): boolean => character === " " || character === "\t" || character === "\r";
