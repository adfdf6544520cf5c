import { googleRows } from "@bertkit/bert-model";
import { nameTable } from "@bertkit/layers";

/** @import { Bert } from "@bertkit/bert-model" */
/** @import { LazyArray } from "@bertkit/checkpoint" */

/**
 * An encoder's parameters as Google's checkpoints have them.
 *
 * @param {Bert} bert
 * @returns {LazyArray[]}
 */
export function googleArrays(bert) {
  const names = nameTable(googleRows);
  return Array.from(bert.parameters(), ([path, parameter]) => {
    const { name, transposed } = names(path);
    const { shape } = parameter;
    if (!transposed) return { name, shape, dtype: "float32", values: () => parameter.read() };
    const [outputs, inputs] = shape;
    return {
      name,
      shape: [inputs, outputs],
      dtype: "float32",
      values: async () => transposedValues(await parameter.read(), outputs, inputs),
    };
  });
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 */
function transposedValues(values, rows, columns) {
  return Float32Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
