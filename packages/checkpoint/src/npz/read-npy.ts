import type { ByteSource } from "../bytes/byte-source.js";
import { windowBytes } from "../bytes/window-bytes.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { ReadOptions, Values } from "../checkpoint-source.js";
import { readValues } from "../read-values.js";
import { isReadable, layouts } from "../stored-dtype.js";
import type { NpyArray } from "./npy-header.js";
import { rowMajorBytes } from "./row-major-bytes.js";
import { swappedBytes } from "./swapped-bytes.js";

/**
 * Reads an array of a `.npy` file, or some of its rows, in whatever order its elements and their bytes lie.
 *
 * @throws CheckpointError `unsupported` for elements that are no numbers, and as {@link readValues} does.
 */
export async function readNpy(bytes: ByteSource, array: NpyArray, name: string, options: ReadOptions): Promise<Values> {
  checkReadable(array, name);
  const data = rowMajorLittleEndian(windowBytes(bytes, array.begin, bytes.size), array);
  return readValues(data, { name, shape: array.shape, dtype: array.dtype, begin: 0 }, options);
}

/** Before bytes are read or unpacked; what is only listed is left to {@link readValues} otherwise. */
export function checkReadable({ dtype }: NpyArray, name: string): void {
  if (dtype === "object") {
    const problem = "holds Python objects, which NumPy stores as a pickle, a program; it is not run";
    throw new CheckpointError("unsupported", `${quoted(name)} ${problem}. Save an array of numbers instead`);
  }
  if (dtype === "structure") {
    throw new CheckpointError(
      "unsupported",
      `${quoted(name)} holds structures; save each field as an array of its own`,
    );
  }
}

function rowMajorLittleEndian(data: ByteSource, { shape, dtype, isBigEndian, isColumnMajor }: NpyArray): ByteSource {
  if (!isReadable(dtype)) return data;
  const width = layouts[dtype].bytes;
  const rows = isColumnMajor && shape.length > 1 ? rowMajorBytes(data, shape, width) : data;
  return isBigEndian && width > 1 ? swappedBytes(rows, width) : rows;
}
