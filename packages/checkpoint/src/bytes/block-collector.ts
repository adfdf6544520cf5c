import type { ByteSource } from "./byte-source.js";
import { blockBytes } from "./memory-bytes.js";

const blockSize = 2 ** 20;

/** Collects bytes whose number is not known, or not believed, before they have come: never holds 1 MiB more than came. */
export class BlockCollector {
  readonly #blocks: Uint8Array[] = [];
  #size = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Copies the next bytes. */
  add(chunk: Uint8Array): void {
    for (let done = 0; done < chunk.length; ) {
      const start = this.#size % blockSize;
      if (start === 0) this.#blocks.push(new Uint8Array(blockSize));
      const part = chunk.subarray(done, done + blockSize - start);
      this.#blocks[this.#blocks.length - 1]!.set(part, start);
      done += part.length;
      this.#size += part.length;
    }
  }

  /** All that came, as a source. Nothing may be added afterwards. */
  finish(label: string): ByteSource {
    const last = this.#blocks.pop();
    // A copy, so that a small file does not hold a whole block.
    if (last !== undefined) this.#blocks.push(last.slice(0, ((this.#size - 1) % blockSize) + 1));
    return blockBytes(this.#blocks, blockSize, label);
  }
}
