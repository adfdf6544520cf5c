import type { Values } from "./backend.js";
import { ShapeError } from "./errors.js";

// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up.
const { abs, fround, max, min } = Math;

/**
 * The largest level of a linear map's weight and of a table's rows. An unsigned byte times 63, twice, fits 16 bits,
 * which is what the fastest instructions sum in.
 */
export const largestLevels = { quantizedLinear: 63, quantizedRows: 127 } as const;

/** Rows of whole numbers, and what one level of each row is worth. */
export interface QuantizedRows {
  /** [rows, width] */
  readonly levels: Int8Array;
  /** [rows] */
  readonly scales: Float32Array;
}

/**
 * Rows as int8, each with a scale of its own: scale = max |x| / largest, level = x / scale rounded, ties to even, in
 * float32; a row of zeros has scale 0. The largest level is 63 for `quantizedLinear` and 127 for
 * `gatherQuantizedRows`. [rows, width] → [rows, width], [rows]. Throws `ShapeError` where `values` fill no rows.
 */
export function quantizeRows(values: Values, width: number, use: keyof typeof largestLevels): QuantizedRows {
  const rows = width === 0 ? 0 : values.length / width;
  if (!Number.isInteger(rows) || (width === 0 && values.length > 0)) {
    throw new ShapeError(`quantizeRows: ${values.length} values fill no rows of ${width}`);
  }
  const quantized = { levels: new Int8Array(values.length), scales: new Float32Array(rows) };
  quantizeRowsInto(values, use, quantized);
  return quantized;
}

/**
 * `quantizeRows` into memory that is there. [rows, width] → [rows, width], [rows]. Throws `ShapeError` where there are
 * not as many levels as values, or where the scales do not divide them into rows.
 */
export function quantizeRowsInto(
  values: Values,
  use: keyof typeof largestLevels,
  { levels, scales }: QuantizedRows,
): void {
  const largest = largestLevels[use];
  const rows = scales.length;
  const width = rows === 0 ? 0 : levels.length / rows;
  if (levels.length !== values.length || width * rows !== levels.length || !Number.isInteger(width)) {
    throw new ShapeError(`quantizeRowsInto: ${values.length} values, ${levels.length} levels, ${rows} scales`);
  }
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * width, (row + 1) * width];
    let top = 0;
    for (let i = from; i < to; i++) top = max(top, abs(values[i]!));
    const scale = fround(fround(top) / largest);
    scales[row] = scale;
    if (scale === 0) {
      levels.fill(0, from, to);
      continue;
    }
    for (let i = from; i < to; i++) {
      levels[i] = clamp(roundHalfEven(fround(fround(values[i]!) / scale)), -largest, largest);
    }
  }
}

/** To the nearest whole number, ties to even, for |x| < 2 ** 51. */
export const roundHalfEven = (x: number): number => x + halfEvenShift - halfEvenShift;

// At 1.5 · 2 ** 52 the distance between doubles is 1, so that the sum itself is rounded.
const halfEvenShift = 1.5 * 2 ** 52;

/** `x` or the bound it is past; NaN stays. */
export const clamp = (x: number, low: number, high: number): number => min(max(x, low), high);
