import { type FileHandle, open } from "node:fs/promises";

/** A file that is read by places. */
export class ParquetFile implements AsyncDisposable {
  private constructor(
    readonly name: string,
    readonly size: number,
    readonly handle: FileHandle,
  ) {}

  static async open(name: string): Promise<ParquetFile> {
    const handle = await open(name);
    try {
      return new ParquetFile(name, (await handle.stat()).size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * The bytes from one place to another.
   * @throws {Error} where the file does not reach so far.
   */
  async read(from: number, to: number): Promise<Uint8Array> {
    if (!(from >= 0 && from <= to && to <= this.size))
      throw new Error(`it points to bytes ${from} to ${to}, not in it`);
    const bytes = new Uint8Array(to - from);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await this.handle.read(bytes, at, bytes.length - at, from + at);
      if (bytesRead === 0) throw new Error("it became shorter while it was read");
      at += bytesRead;
    }
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}
