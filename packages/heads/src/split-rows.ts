import { type Shape, ShapeError, showShape, type Values } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";

/** The rows of numbers that were read back, [rows, width], as views. */
export function splitRows(values: Values, shape: Shape): Values[] {
  const [rows, width] = shape as readonly [number, number];
  return Array.from({ length: rows }, (_, i) => values.subarray(i * width, (i + 1) * width));
}

/**
 * Rows that belong to tokens, by sequence; all are one sequence's where no encodings are given. Throws `ShapeError` where
 * the encodings have not as many tokens as there are rows.
 */
export function splitSequences<Row>(rows: readonly Row[], encodings?: readonly Pick<Encoding, "length">[]): Row[][] {
  const lengths = encodings?.map(({ length }) => length) ?? [rows.length];
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  if (tokens !== rows.length) {
    throw new ShapeError(
      `${rows.length} rows of numbers for encodings of ${tokens} tokens ${showShape(lengths.slice(0, 8))}: ` +
        "give the encodings that the batch was packed from",
    );
  }
  let from = 0;
  return lengths.map((length) => {
    const own = rows.slice(from, from + length);
    from += length;
    return own;
  });
}
