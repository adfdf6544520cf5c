import { DataError } from "@bertkit/data";
import { Failure, usageFailure } from "../failure.js";
import { findInputs, type Input } from "../input/find-inputs.js";
import { readInput } from "../input/read-input.js";
import { withoutMark } from "../input/text-start.js";

/** A file of data or of predictions that a reader of `@bertkit/data` takes, unpacked where it is compressed. */
export class DataFile {
  readonly #input: Input;
  readonly #signal: AbortSignal;
  #position = 0;

  constructor(input: Input, signal: AbortSignal) {
    this.#input = input;
    this.#signal = signal;
  }

  get name(): string {
    return this.#input.name;
  }

  /** Whether its name says that each of its lines is JSON. */
  get isJsonLines(): boolean {
    return /\.(jsonl|ndjson)(\.\w+)?$/i.test(this.name);
  }

  /** In bytes as it lies there; undefined for standard input and pipes. */
  get size(): number | undefined {
    return this.#input.size;
  }

  /** How many of these bytes were read so far. */
  get position(): number {
    return this.#position;
  }

  /**
   * What a reader makes of the file as it is read.
   * @throws {Failure} for what cannot be read, and with the file's name for what the reader refuses.
   */
  async *read<Value>(reader: (source: AsyncIterable<string>) => AsyncIterable<Value>): AsyncGenerator<Value> {
    try {
      yield* reader(this.#pieces());
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /** What a reader makes of the file, the first so many values; throws as `read` does. */
  async readAll<Value>(
    reader: (source: AsyncIterable<string>) => AsyncIterable<Value>,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<Value[]> {
    const values: Value[] = [];
    for await (const value of this.read(reader)) {
      values.push(value);
      if (values.length >= limit) break;
    }
    return values;
  }

  /** What a parser makes of the whole file; throws as `read` does. */
  async parse<Value>(parser: (text: string) => Value): Promise<Value> {
    const pieces: string[] = [];
    for await (const piece of this.#pieces()) pieces.push(piece);
    try {
      return parser(pieces.join(""));
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  async *#pieces(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let isFirst = true;
    for await (const { bytes, to } of readInput(this.#input, 0, this.#signal)) {
      if (isFirst) withoutMark(Buffer.from(bytes.subarray(0, 64)), this.name); // refuses what is no text
      isFirst = false;
      this.#position = to;
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  }

  #failureOf(error: unknown): unknown {
    if (!(error instanceof DataError)) return error;
    const { line, path, problem } = error;
    const place = `${this.name}${line === undefined ? "" : `:${line}`}${path ? `, ${path}` : ""}`;
    const hint = "is it a file of the task? --help says how each looks";
    return new Failure(`${place}: ${problem}`, { cause: error, hint });
  }
}

/**
 * Finds the file that a flag names; `-` is standard input.
 * @throws {Failure} for what is not there, is a folder or may not be read, and for several files.
 */
export async function openDataFile(named: string, signal: AbortSignal): Promise<DataFile> {
  const [input, ...more] = await findInputs([named], "lines");
  if (input && more.length === 0) return new DataFile(input, signal);
  throw usageFailure(`${named}: wanted one file, these are ${more.length + 1}`, "name one of them");
}
