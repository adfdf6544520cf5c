import { sizeOf, UnsupportedError, type Values, type View } from "@bertkit/tensor";
import type { WasmMemory } from "./memory/wasm-memory.js";
import type { HeadedBlock } from "./run/attention.js";
import type { Matrices } from "./run/matmul.js";
import type { Block } from "./run/panels.js";
import type { Levels } from "./run/quantized-linear.js";
import { WasmBuffer } from "./wasm-buffer.js";

/** Turns views into addresses on one memory. All but `matrices` and `levels` refuse prepared weights. */
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
    return this.memory.values(address, sizeOf(view.shape), dtype);
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

  /** An int8 weight [outputs, inputs], prepared or not. */
  levels(view: View): Levels {
    const { address, packed } = WasmBuffer.open(view.buffer, this.memory);
    const [outputs, inputs] = view.shape as readonly [number, number];
    return { address, outputs, inputs, packed: packed !== undefined };
  }

  #dense({ buffer }: View): WasmBuffer {
    const opened = WasmBuffer.open(buffer, this.memory);
    if (opened.packed) {
      throw new UnsupportedError(
        "wasm backend: a prepared weight is for linear, quantizedLinear and matmul only: restore() it first",
      );
    }
    return opened;
  }
}
