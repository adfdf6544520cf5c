/** @import { PackedBatch } from "@bertkit/layers" */

/** Sequences of tokens that every tiny model has, of very different lengths. */
export const inputs = {
  input_ids: [
    [2, 31, 45, 7, 90, 3],
    [2, 3],
    [2, 64, 12, 33, 3, 78, 21, 56, 100, 45, 23, 8, 77, 3],
    [2, 19, 3, 88, 3],
  ],
  token_type_ids: [
    [0, 0, 0, 0, 0, 0],
    [0, 0],
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    [0, 0, 0, 1, 1],
  ],
};

/** The same, end to end. @returns {PackedBatch} */
export function packed() {
  const offsets = [0];
  for (const { length } of inputs.input_ids) offsets.push(offsets[offsets.length - 1] + length);
  return {
    ids: Int32Array.from(inputs.input_ids.flat()),
    typeIds: Int32Array.from(inputs.token_type_ids.flat()),
    positions: Int32Array.from(inputs.input_ids.flatMap((row) => row.map((_, place) => place))),
    offsets: Int32Array.from(offsets),
  };
}

/**
 * Numbers for tokens or sequences laid end to end, as a list for each sequence.
 *
 * @param {string} names one, or several with commas whose numbers alternate
 * @param {ArrayLike<number>} values
 * @param {boolean} isForTokens
 * @returns {Record<string, number[][]>}
 */
export function perSequence(names, values, isForTokens) {
  const all = names.split(",");
  const bounds = isForTokens
    ? packed().offsets
    : Int32Array.from([...inputs.input_ids.keys(), inputs.input_ids.length]);
  const width = values.length / bounds[bounds.length - 1];
  const rows = inputs.input_ids.map((_, i) => Array.from(values).slice(bounds[i] * width, bounds[i + 1] * width));
  return Object.fromEntries(
    all.map((name, which) => [name, rows.map((row) => row.filter((_, place) => place % all.length === which))]),
  );
}
