import { isUtf8 } from "node:buffer";
import { Failure } from "../failure.js";
import type { Chunk } from "./chunk.js";
import type { InputWarnings } from "./input-warnings.js";
import { withoutMark } from "./text-start.js";

/** A line of a file, without what ends it. */
export interface Line {
  readonly text: string;
  readonly ending: "\n" | "\r\n" | "";
  /** Its number, from 1. */
  readonly number: number;
  /** How far into the file it ends, in the unit of {@link Chunk.to}. */
  readonly position: number;
}

/** Longer lines are an error: without a limit, a file without line ends would be read into memory whole. */
export const longestLine = 64 * 2 ** 20;

/**
 * The lines of a stream of bytes in UTF-8, chunk by chunk: those of one must be gone through before the next is asked for.
 * The last line needs no end, a byte order mark at the start is dropped, and each invalid sequence becomes U+FFFD, with a
 * warning.
 */
export async function* readLines(
  chunks: AsyncIterable<Chunk>,
  name: string,
  warnings: InputWarnings,
): AsyncGenerator<Iterable<Line>> {
  const splitter = new LineSplitter(name, warnings);
  for await (const chunk of chunks) yield splitter.linesOf(chunk);
  yield splitter.lastLine();
}

/** Cuts chunks into lines, holding what the last chunk left unfinished. */
class LineSplitter {
  #number = 0;
  #position = 0;
  #unfinished: Buffer[] = [];
  #length = 0;

  constructor(
    readonly name: string,
    readonly warnings: InputWarnings,
  ) {}

  *linesOf({ bytes: { buffer, byteOffset, byteLength }, from, to }: Chunk): Generator<Line> {
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    const scale = (to - from) / byteLength;
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      const rest = bytes.subarray(start, end);
      start = end + 1;
      yield this.#line(this.#joined(rest), true, from + Math.round(start * scale));
    }
    this.#keep(bytes.subarray(start));
    this.#position = to;
  }

  *lastLine(): Generator<Line> {
    if (this.#length > 0) yield this.#line(this.#joined(Buffer.alloc(0)), false, this.#position);
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#unfinished.push(rest);
    this.#length += rest.length;
    if (this.#length <= longestLine) return;
    const place = `${this.name}:${this.#number + 1}`;
    throw new Failure(`${place}: this line is longer than ${longestLine / 2 ** 20} MiB`, {
      hint: "is it text, one a line? --format says how the texts lie in it",
    });
  }

  #joined(rest: Buffer): Buffer {
    if (this.#length === 0) return rest;
    const whole = Buffer.concat([...this.#unfinished, rest]);
    this.#unfinished = [];
    this.#length = 0;
    return whole;
  }

  #line(bytes: Buffer, ended: boolean, position: number): Line {
    const number = ++this.#number;
    const carriageReturn = ended && bytes.at(-1) === 0x0d;
    const content = carriageReturn ? bytes.subarray(0, -1) : bytes;
    const body = number === 1 ? withoutMark(content, this.name) : content;
    const text = body.toString("utf8");
    if (text.includes("\ufffd") && !isUtf8(body)) this.warnings.invalidLine(`${this.name}:${number}`);
    return { text, ending: carriageReturn ? "\r\n" : ended ? "\n" : "", number, position };
  }
}
