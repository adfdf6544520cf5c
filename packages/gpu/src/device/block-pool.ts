import { UnsupportedError } from "@bertkit/tensor";
import { usage } from "./usage.js";

/** A piece of device memory, as large as its size class. */
export interface Block {
  readonly memory: GPUBuffer;
  readonly bytes: number;
  /** The last submission with a command that touches it. */
  touched: number;
}

/** Past it the least recently returned blocks are given back to the device. */
const mostIdleBytes = 2 ** 29;

/**
 * Device memory by size class: what is given back serves the next of its class. Commands run in the order in which they
 * were recorded, so a block may change hands before the commands that use it have run.
 */
export class BlockPool implements Disposable {
  readonly #idle = new Map<number, Block[]>();
  readonly #all = new Set<Block>();
  #idleBytes = 0;

  constructor(private readonly device: GPUDevice) {}

  /** At least `bytes` bytes, of any content. Throws `UnsupportedError` past what one buffer of the device can be. */
  take(bytes: number): Block {
    const size = sizeClass(bytes);
    const idle = this.#idle.get(size)?.pop();
    if (idle) {
      this.#idleBytes -= size;
      return idle;
    }
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > most) {
      throw new UnsupportedError(
        `gpu backend: ${bytes} bytes in one tensor, and this device's buffers hold ${most}: use a smaller batch`,
      );
    }
    return this.#create(Math.min(size, most - (most % 4)));
  }

  /** Takes a block back. */
  give(block: Block): void {
    const idle = this.#idle.get(block.bytes);
    if (idle) idle.push(block);
    else this.#idle.set(block.bytes, [block]);
    this.#idleBytes += block.bytes;
  }

  /** Destroys idle blocks past the limit; no recorded command that is not yet submitted may use them. */
  trim(): void {
    for (const blocks of this.#idle.values()) {
      while (this.#idleBytes > mostIdleBytes && blocks.length > 0) this.#destroy(blocks.shift()!);
    }
  }

  /** Destroys every block, those in use too. */
  [Symbol.dispose](): void {
    for (const block of this.#all) block.memory.destroy();
    this.#all.clear();
    this.#idle.clear();
    this.#idleBytes = 0;
  }

  #create(bytes: number): Block {
    const memory = this.device.createBuffer({
      size: bytes,
      usage: usage.storage | usage.copySource | usage.copyDestination,
    });
    const block = { memory, bytes, touched: -1 };
    this.#all.add(block);
    return block;
  }

  #destroy(block: Block): void {
    block.memory.destroy();
    this.#all.delete(block);
    this.#idleBytes -= block.bytes;
  }
}

/** Four classes between powers of two waste a ninth on average, a quarter at worst. */
export function sizeClass(bytes: number): number {
  const least = 256;
  if (bytes <= least) return least;
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.ceil(bytes / step) * step;
}
