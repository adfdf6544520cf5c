import { type QuantizedRows, quantizeRowsInto, type Values } from "@bertkit/tensor";
import type { QuantizedTarget } from "./load-target.js";

/** Quantises rows for one array after the other, all in the same memory: what it gives lasts until the next. */
export class RowQuantizer {
  #levels = new Int8Array(0);
  #scales = new Float32Array(0);

  /** [rows, width] → [rows, width], [rows] */
  quantize(values: Values, rows: number, use: QuantizedTarget["use"]): QuantizedRows {
    if (values.length > this.#levels.length) this.#levels = new Int8Array(values.length);
    if (rows > this.#scales.length) this.#scales = new Float32Array(rows);
    const quantized = { levels: this.#levels.subarray(0, values.length), scales: this.#scales.subarray(0, rows) };
    quantizeRowsInto(values, use, quantized);
    return quantized;
  }
}
