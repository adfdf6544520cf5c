import { sizeOf, UnsupportedError, type Values, type View } from "@bertkit/tensor";
import type { WasmMemory } from "./memory/wasm-memory.js";
import type { HeadedBlock } from "./run/attention.js";
import type { Matrices } from "./run/matmul.js";
import type { Block } from "./run/panels.js";
import { WasmBuffer } from "./wasm-buffer.js";

/** Turns views into addresses on one memory. All but `matrices` refuse prepared weights. */
export class Views {
  constructor(private readonly memory: WasmMemory) {}

  /** Where a dense view begins. Throws `UnsupportedError` for a prepared weight. */
  address(view: View): number {
    return this.#dense(view).address;
  }

  /** Where a view begins, or 0 for none. */
  addressOrNone(view: View | undefined): number {
    return view ? this.address(view) : 0;
  }

  /** The numbers themselves, as a typed array for immediate use. */
  values(view: View): Values {
    const { address, dtype } = this.#dense(view);
    const size = sizeOf(view.shape);
    return dtype === "int32" ? this.memory.integers(address, size) : this.memory.floats(address, size);
  }

  /** All axes but the last as rows. */
  block(view: View): Block {
    const columns = view.shape.at(-1) ?? 1;
    const rows = columns === 0 ? 0 : sizeOf(view.shape) / columns;
    return { address: this.address(view), stride: 4 * columns, rows, columns };
  }

  /** [rows, heads, width]. */
  headed(view: View): HeadedBlock {
    return { address: this.address(view), width: view.shape[2]! };
  }

  matrices(view: View): Matrices {
    const { address, packed } = WasmBuffer.open(view.buffer, this.memory);
    return { address, shape: view.shape, packed: packed !== undefined };
  }

  #dense({ buffer }: View): WasmBuffer {
    const opened = WasmBuffer.open(buffer, this.memory);
    if (opened.packed) {
      throw new UnsupportedError("wasm backend: a prepared weight is for linear and matmul only: restore() it first");
    }
    return opened;
  }
}
