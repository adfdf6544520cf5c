import type { Chunk } from "./chunk.js";

/** Takes exactly as many bytes as are wanted off a stream of chunks. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Chunk>;
  #rest: Buffer = Buffer.alloc(0);
  #position = 0;

  constructor(chunks: AsyncIterable<Chunk>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Where the last bytes taken end in their file. */
  get position(): number {
    return this.#position;
  }

  /** The next bytes; fewer than wanted where the stream ends. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) break;
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      this.#position += part.length;
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Lets go of the stream before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#rest = Buffer.from(value.bytes.buffer, value.bytes.byteOffset, value.bytes.byteLength);
    this.#position = value.from;
    return true;
  }
}
