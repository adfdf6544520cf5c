import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** A file that grows at its end behind a header of fixed length, and knows the digest of what it has grown by. */
export class PartialFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #headerLength: number;
  readonly #hash: Hash;
  /** Bytes behind the header that have left the buffer. */
  #written: number;
  readonly #buffer = Buffer.allocUnsafe(2 ** 18);
  #buffered = 0;

  private constructor(file: FileHandle, headerLength: number, grown: { hash: Hash; bytes: number }) {
    this.#file = file;
    this.#headerLength = headerLength;
    this.#hash = grown.hash;
    this.#written = grown.bytes;
  }

  /** A new file, or an old one emptied. */
  static async create(path: string, headerLength: number): Promise<PartialFile> {
    const file = await open(path, "w+");
    return new PartialFile(file, headerLength, { hash: createHash("sha256"), bytes: 0 });
  }

  /** A file that has these bytes behind its header, cut after them; undefined where it has others. */
  static async reopen(
    path: string,
    headerLength: number,
    { bytes, byteDigest }: { bytes: number; byteDigest: string },
  ): Promise<PartialFile | undefined> {
    const file = await open(path, "r+");
    try {
      const hash = createHash("sha256");
      const end = headerLength + bytes;
      if ((await file.stat()).size >= end) {
        for await (const chunk of readRange(file, headerLength, end)) hash.update(chunk);
        if (hash.copy().digest("hex") === byteDigest) {
          await file.truncate(end);
          return new PartialFile(file, headerLength, { hash, bytes });
        }
      }
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return undefined;
  }

  /** How many bytes were appended. */
  get bytes(): number {
    return this.#written + this.#buffered;
  }

  /** SHA-256 of these. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    if (this.#buffered + bytes.length > this.#buffer.length) await this.#flush();
    if (bytes.length > this.#buffer.length) {
      await this.#write(bytes, this.#written);
      this.#written += bytes.length;
    } else {
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.length;
    }
  }

  /** Writes the header, and waits until all of the file is on the disk. */
  async sync(header?: Uint8Array): Promise<void> {
    await this.#flush();
    if (header) await this.#write(header, -this.#headerLength);
    await this.#file.datasync();
  }

  /** What was appended, piece by piece. */
  async *read(): AsyncGenerator<Buffer> {
    await this.#flush();
    yield* readRange(this.#file, this.#headerLength, this.#headerLength + this.#written);
  }

  /** Closes the file; what was not synced may be lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close().catch(() => {}); // what it could report would have come from sync
  }

  async #flush(): Promise<void> {
    await this.#write(this.#buffer.subarray(0, this.#buffered), this.#written);
    this.#written += this.#buffered;
    this.#buffered = 0;
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const start = this.#headerLength + position + at;
      at += (await this.#file.write(bytes, at, bytes.length - at, start)).bytesWritten;
    }
  }
}

async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const buffer = Buffer.allocUnsafe(Math.min(2 ** 20, end - at));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Error("the file has become shorter while it was read");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
