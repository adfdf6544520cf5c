import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.js";

/** A line of a file, without what ends it. */
export interface Line {
  readonly text: string;
  readonly ending: "\n" | "\r\n" | "";
  /** Its number, from 1. */
  readonly number: number;
  /** Bytes of the file up to its end. */
  readonly position: number;
}

/** Lines that were not valid UTF-8. */
export interface InvalidLines {
  count: number;
  /** The number of the first, 0 where there is none. */
  first: number;
}

/** Longer lines are an error: without a limit, a file without line ends would be read into memory whole. */
export const longestLine = 64 * 2 ** 20;

/**
 * The lines of a stream of bytes in UTF-8. The last one needs no line end, a byte order mark at the start is dropped,
 * and each invalid sequence becomes U+FFFD and its line is counted in `invalid`.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { name, invalid }: { name: string; invalid: InvalidLines },
): AsyncGenerator<Line> {
  let number = 0;
  let position = 0;
  const lineOf = (bytes: Buffer, ended: boolean): Line => {
    number++;
    position += bytes.length + (ended ? 1 : 0);
    const carriageReturn = ended && bytes.at(-1) === 0x0d;
    const body = contentOf(bytes, number === 1, name).subarray(0, carriageReturn ? -1 : undefined);
    const text = body.toString("utf8");
    if (text.includes("\ufffd") && !isUtf8(body)) {
      invalid.count++;
      invalid.first ||= number;
    }
    return { text, ending: carriageReturn ? "\r\n" : ended ? "\n" : "", number, position };
  };

  let unfinished: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      const rest = bytes.subarray(from, end);
      yield lineOf(unfinished.length === 0 ? rest : Buffer.concat([...unfinished, rest]), true);
      unfinished = [];
      length = 0;
      from = end + 1;
    }
    if (from === bytes.length) continue;
    unfinished.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > longestLine) {
      const limit = `${longestLine / 2 ** 20} MiB`;
      throw new Failure(`${name}:${number + 1}: this line is longer than ${limit}; is it text, one a line?`);
    }
  }
  if (length > 0) yield lineOf(Buffer.concat(unfinished), false);
}

function contentOf(bytes: Buffer, first: boolean, name: string): Buffer {
  if (!first) return bytes;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new Failure(`${name}: wanted UTF-8, this is UTF-16; convert it first (iconv -f UTF-16 -t UTF-8)`);
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
