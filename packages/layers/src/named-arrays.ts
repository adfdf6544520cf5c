import type { LazyArray } from "@bertkit/checkpoint";
import { UnsupportedError } from "@bertkit/tensor";
import type { Module } from "./module.js";
import { type NameTable, ownNames } from "./name-table.js";

/**
 * A module's parameters as arrays for `writeSafetensors`, each read when its turn comes. Throws `UnsupportedError` for
 * names of a spelling that has arrays transposed.
 */
export function* namedArrays(module: Module, names: NameTable = ownNames): Generator<LazyArray> {
  for (const [path, parameter] of module.parameters()) {
    const { name, transposed } = names(path);
    if (transposed) throw new UnsupportedError(`${name} would have to be transposed: write under other names`);
    yield { name, shape: parameter.shape, dtype: parameter.dtype, values: () => parameter.read() };
  }
}
