import { type DType, UnsupportedError } from "@bertkit/tensor";
import { control } from "../pool/control.js";
import { Allocator } from "./allocator.js";

const pageBytes = 65536;
/** 4 GB: what a 32-bit address reaches. */
const mostPages = 65536;
/** Memory grows in steps of 1 MiB. */
const growthPages = 16;
/** Left free at the end, for kernels may load a little past the end of a block. */
const margin = 64;

/** One WebAssembly memory, shared out in blocks. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  readonly #allocator: Allocator;
  readonly #pages: number;
  #scratch = { start: 0, bytes: 0 };

  /**
   * @param pages the most it may grow to, 64 KiB each; less where the system reserves less
   * @param shared whether threads may share it
   */
  constructor(pages: number = mostPages, shared = false) {
    [this.memory, this.#pages] = reserve(pages, shared);
    // Address 0 means "none" to kernels, and threads meet in the first bytes.
    this.#allocator = new Allocator(control.end, (end) => this.#grow(end));
  }

  /** The address of uninitialised memory. Throws `UnsupportedError` when there is no more. */
  allocate(bytes: number): number {
    return this.#allocator.allocate(bytes);
  }

  release(address: number): void {
    this.#allocator.release(address);
  }

  /** Floats on the memory itself. Growth detaches them: use them at once, never keep them. */
  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** Integers on the memory itself, under the same rule. */
  integers(address: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, address, count);
  }

  /** Signed bytes on the memory itself, under the same rule. */
  levels(address: number, count: number): Int8Array<ArrayBuffer> {
    return new Int8Array(this.memory.buffer, address, count);
  }

  /** Numbers of any type on the memory itself, under the same rule. */
  values(address: number, count: number, dtype: DType): Float32Array | Int32Array | Int8Array {
    const { buffer } = this.memory;
    if (dtype === "int8") return new Int8Array(buffer, address, count);
    return dtype === "int32" ? new Int32Array(buffer, address, count) : new Float32Array(buffer, address, count);
  }

  /**
   * The addresses of work areas of these sizes, the same memory at every call: what a kernel needs only while it runs.
   * Taking them again ends the use of those before.
   */
  scratch<const Sizes extends readonly number[]>(...sizes: Sizes): { [Index in keyof Sizes]: number } {
    const rounded = sizes.map((bytes) => Math.ceil(bytes / margin) * margin);
    const bytes = rounded.reduce((sum, size) => sum + size, 0);
    if (bytes > this.#scratch.bytes) {
      if (this.#scratch.bytes > 0) this.#allocator.release(this.#scratch.start);
      this.#scratch = { start: 0, bytes: 0 };
      this.#scratch = { start: this.#allocator.allocate(bytes), bytes };
    }
    let next = this.#scratch.start;
    return rounded.map((size) => {
      next += size;
      return next - size;
    }) as { [Index in keyof Sizes]: number };
  }

  #grow(end: number): number {
    const held = this.memory.buffer.byteLength / pageBytes;
    const needed = Math.ceil((end + margin) / pageBytes);
    const wanted = Math.min(this.#pages, Math.ceil(needed / growthPages) * growthPages);
    try {
      if (needed > this.#pages) throw new RangeError("beyond the maximum");
      if (wanted > held) this.memory.grow(wanted - held);
    } catch (cause) {
      const megabytes = (pages: number) => Math.ceil((pages * pageBytes) / 2 ** 20);
      throw new UnsupportedError(
        `wasm backend: needs ${megabytes(needed)} MB of memory, holds ${megabytes(held)} and may hold ` +
          `${megabytes(this.#pages)}: use a smaller batch or shorter texts, or dispose of tensors earlier`,
        { cause },
      );
    }
    return this.memory.buffer.byteLength - margin;
  }
}

/** Engines set the address space aside at once, and where that is short a smaller maximum may do. */
function reserve(pages: number, shared: boolean): [memory: WebAssembly.Memory, pages: number] {
  try {
    return [new WebAssembly.Memory({ initial: 1, maximum: pages, shared }), pages];
  } catch (cause) {
    if (pages > growthPages && cause instanceof RangeError) return reserve(pages >> 1, shared);
    throw new UnsupportedError("wasm backend: the system gives no memory at all: close other programs", { cause });
  }
}
