import { type Buffer, DisposedError, type DType, UnsupportedError, type WeightUse } from "@bertkit/tensor";
import type { Block } from "./device/block-pool.js";

/** What this backend's opaque buffers are. */
export class GpuBuffer {
  #released = false;

  constructor(
    private readonly owner: object,
    readonly block: Block,
    /** In elements, as the tensor counts them. */
    readonly size: number,
    readonly dtype: DType,
    /** Set for a prepared weight [outputs, inputs]. */
    readonly prepared?: { readonly use: WeightUse; readonly outputs: number; readonly inputs: number },
  ) {}

  /** What the tensor's numbers take, in whole words. */
  get bytes(): number {
    return 4 * wordsOf(this.size, this.dtype);
  }

  /** Marks the memory as given back. */
  release(): void {
    this.#released = true;
  }

  /** Throws `DisposedError` for a buffer given back, `UnsupportedError` for one of another backend. */
  static open(buffer: Buffer, owner: object): GpuBuffer {
    const opened: unknown = buffer;
    if (!(opened instanceof GpuBuffer) || opened.owner !== owner) {
      throw new UnsupportedError("gpu backend: this buffer is another backend's: read it there and write it here");
    }
    if (opened.#released) throw new DisposedError("gpu backend: this buffer was released");
    return opened;
  }

  /** Itself, as the rest of the world sees it. */
  get opaque(): Buffer {
    return this as unknown as Buffer;
  }
}

/** Words of 32 bits that so many elements take: one each, or a quarter for int8. */
export const wordsOf = (size: number, dtype: DType): number => (dtype === "int8" ? Math.ceil(size / 4) : size);
