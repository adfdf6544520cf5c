import { DataError } from "../data-error.js";
import { linesOf, type TextSource } from "../text/lines.js";

/** The sentences of a document, in order. */
export interface SentenceDocument {
  /** Of its first sentence, from 1. */
  readonly line: number;
  readonly sentences: readonly string[];
}

/** Longer documents are an error, in UTF-16 units: without blank lines a whole corpus would be read into memory. */
const longestDocument = 2 ** 28;

/**
 * Documents of a text with a sentence in each line and a blank line between documents, the input of Google's
 * create_pretraining_data; white space round a sentence is dropped, and no document is empty. One document at a time is
 * in memory.
 * @throws {DataError} `limit` for a document of more than 2^28 UTF-16 units.
 */
export async function* readDocuments(source: TextSource): AsyncGenerator<SentenceDocument> {
  let sentences: string[] = [];
  let line = 0;
  let length = 0;
  for await (const { text, number } of linesOf(source)) {
    const sentence = strippedAsPython(text);
    if (sentence !== "") {
      if (sentences.length === 0) line = number;
      sentences.push(sentence);
      length += sentence.length;
      if (length > longestDocument) throw tooLong(line);
    } else if (sentences.length > 0) {
      yield { line, sentences };
      sentences = [];
      length = 0;
    }
  }
  if (sentences.length > 0) yield { line, sentences };
}

function tooLong(line: number): DataError {
  const problem = `wanted a blank line between documents, came more than ${longestDocument} UTF-16 units without one`;
  return new DataError("limit", problem, { line });
}

/** What Python's `str.strip` leaves: other than `trim` it drops U+001C to U+001F and U+0085, and keeps U+FEFF. */
function strippedAsPython(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return (code >= 0x09 && code <= 0x0d) || code >= 0x1c;
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (code >= 0x2000 && code <= 0x200a) || otherSpaces.has(code);
}

const otherSpaces: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
