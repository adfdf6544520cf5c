import { usage } from "./usage.js";

/** Where a piece of the arena lies. */
export interface Piece {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Parameters and small arrays of one submission, collected here and uploaded at once just before it runs. The queue
 * keeps the order, so the same memory serves the next submission.
 */
export class Arena implements Disposable {
  #host: Uint8Array<ArrayBuffer>;
  #memory: GPUBuffer;
  #used = 0;
  readonly #alignment: number;

  constructor(
    private readonly device: GPUDevice,
    bytes: number,
  ) {
    const { minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment } = device.limits;
    this.#alignment = Math.max(minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment);
    this.#host = new Uint8Array(bytes);
    this.#memory = this.#create(bytes);
  }

  get memory(): GPUBuffer {
    return this.#memory;
  }

  /** Whether these pieces, of so many bytes each, fit beside what was placed since the last upload. */
  hasRoomFor(sizes: readonly number[]): boolean {
    return this.#used + this.#taken(sizes) <= this.#host.length;
  }

  /** Makes room for these pieces; only while nothing is placed. */
  grow(sizes: readonly number[]): void {
    const needed = this.#taken(sizes);
    if (needed <= this.#host.length) return;
    const bytes = 2 ** Math.ceil(Math.log2(needed));
    this.#memory.destroy();
    this.#host = new Uint8Array(bytes);
    this.#memory = this.#create(bytes);
  }

  /** Copies a piece in; there must be room for it. */
  place(values: ArrayBufferView): Piece {
    const offset = this.#used;
    this.#host.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    this.#used += this.#padded(values.byteLength);
    return { offset, bytes: bound(values.byteLength) };
  }

  /** Queues the upload of all pieces and forgets them. */
  upload(): void {
    if (this.#used > 0) this.device.queue.writeBuffer(this.#memory, 0, this.#host, 0, this.#used);
    this.#used = 0;
  }

  [Symbol.dispose](): void {
    this.#memory.destroy();
  }

  #create(size: number): GPUBuffer {
    return this.device.createBuffer({ size, usage: usage.uniform | usage.storage | usage.copyDestination });
  }

  #taken(sizes: readonly number[]): number {
    return sizes.reduce((sum, size) => sum + this.#padded(size), 0);
  }

  #padded(bytes: number): number {
    return Math.ceil(bound(bytes) / this.#alignment) * this.#alignment;
  }
}

/** Bindings are whole vectors of four, and never empty. */
const bound = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);
