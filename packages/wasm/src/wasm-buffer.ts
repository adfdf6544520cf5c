import { type Buffer, DisposedError, type DType, UnsupportedError } from "@bertkit/tensor";
import type { WasmMemory } from "./memory/wasm-memory.js";

/** What this backend's opaque buffers are. */
export class WasmBuffer {
  #released = false;

  constructor(
    private readonly owner: WasmMemory,
    readonly address: number,
    /** In elements, as the tensor counts them. */
    readonly size: number,
    readonly dtype: DType,
    /** How much the tensor's numbers take; a packed weight's panels are filled up with zeros. */
    readonly bytes: number,
    /** Set for a weight packed in panels. */
    readonly packed?: { readonly outputs: number; readonly inputs: number },
  ) {}

  /** Marks the memory as given back. */
  release(): void {
    this.#released = true;
  }

  /** Throws `DisposedError` for a buffer given back, `UnsupportedError` for one of another backend. */
  static open(buffer: Buffer, owner: WasmMemory): WasmBuffer {
    const opened: unknown = buffer;
    if (!(opened instanceof WasmBuffer) || opened.owner !== owner) {
      throw new UnsupportedError("wasm backend: this buffer is another backend's: read it there and write it here");
    }
    if (opened.#released) throw new DisposedError("wasm backend: this buffer was released");
    return opened;
  }

  /** Itself, as the rest of the world sees it. */
  get opaque(): Buffer {
    return this as unknown as Buffer;
  }
}
