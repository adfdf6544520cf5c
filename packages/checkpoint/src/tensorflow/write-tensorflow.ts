import { type ByteSink, writeWholeFile } from "../bytes/file-sink.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import { encodeValues } from "../encode-values.js";
import {
  bytesOf,
  checkLength,
  compareCodePoints,
  type DescribedArray,
  type LazyArray,
  type NamedArray,
  problemsOf,
  valuesOf,
} from "../named-array.js";
import { pathPlace } from "../place.js";
import { mostAxes } from "./bundle-messages.js";
import { checkpointState } from "./checkpoint-state.js";
import { crc32c, maskedChecksum } from "./crc32c.js";
import { dataFileName, indexFileName, stateFileName } from "./file-names.js";
import { serializeIndex } from "./write-bundle-index.js";

/** How {@link writeTensorFlow} writes. */
export interface WriteTensorFlowOptions {
  /** Stops the writing, which then rejects with the signal's reason and leaves no file. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a TensorFlow V2 checkpoint, byte for byte what TensorFlow writes for the same arrays sorted by name:
 * `PREFIX.data-00000-of-00001`, `PREFIX.index`, and beside them the file `checkpoint`, which says that this is the
 * latest. Names and shapes are collected before the first byte is written; values given as functions are asked for one
 * at a time, in the order of names, so memory holds one array. Node only.
 *
 * @param prefix a path such as `folder/bert_model.ckpt`. Its three files get their names, in this order, when all are
 * complete; until then they have temporary ones.
 * @throws CheckpointError `argument` that lists all that is wrong with names and shapes; `range` for an integer that
 * its type cannot hold; `io` where a file cannot be written.
 */
export async function writeTensorFlow(
  prefix: string,
  arrays: Iterable<LazyArray> | AsyncIterable<LazyArray>,
  options: WriteTensorFlowOptions = {},
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  const place = pathPlace(prefix);
  const name = checkedName(place.fileName);
  const wire = await import("@bufbuild/protobuf/wire");
  const collected: LazyArray[] = [];
  for await (const array of arrays) collected.push(array);
  const ordered = inOrder(collected);
  const pathOf = (fileName: string) => place.sibling(fileName).label;
  await writeWholeFile(pathOf(stateFileName), (state) =>
    writeWholeFile(pathOf(indexFileName(name)), (index) =>
      writeWholeFile(pathOf(dataFileName(name, 0, 1)), async (data) => {
        const checksums = await writeData(data, ordered, signal);
        await index.write(serializeIndex(ordered, checksums, wire));
        await state.write(new TextEncoder().encode(checkpointState(name)));
      }),
    ),
  );
}

/** Gives the masked checksum of each array. */
async function writeData(
  sink: ByteSink,
  arrays: readonly LazyArray[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const checksums: number[] = [];
  for (const array of arrays) {
    signal?.throwIfAborted();
    const values = await valuesOf(array);
    let crc = 0;
    for (const bytes of encodeValues(array.dtype, values, array.name)) {
      signal?.throwIfAborted();
      crc = crc32c(bytes, crc);
      await sink.write(bytes);
    }
    checksums.push(maskedChecksum(crc));
  }
  return checksums;
}

/**
 * The files of a TensorFlow V2 checkpoint by name; for what fits in memory twice.
 *
 * @param name what its files are called, such as `bert_model.ckpt`.
 * @throws CheckpointError as {@link writeTensorFlow} does; `limit` where there is no memory for it.
 */
export async function serializeTensorFlow(
  arrays: Iterable<NamedArray>,
  name: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  checkedName(name);
  const wire = await import("@bufbuild/protobuf/wire");
  const ordered = inOrder([...arrays]);
  const data = allocate(ordered.reduce((sum, { shape, dtype }) => sum + bytesOf(shape, dtype), 0));
  const checksums: number[] = [];
  let at = 0;
  for (const array of ordered) {
    checkLength(array, array.values);
    const begin = at;
    for (const bytes of encodeValues(array.dtype, array.values, array.name)) {
      data.set(bytes, at);
      at += bytes.length;
    }
    checksums.push(maskedChecksum(crc32c(data.subarray(begin, at))));
  }
  return new Map([
    [dataFileName(name, 0, 1), data],
    [indexFileName(name), serializeIndex(ordered, checksums, wire)],
    [stateFileName, new TextEncoder().encode(checkpointState(name))],
  ]);
}

function checkedName(name: string): string {
  if (name !== "" && !name.includes("/")) return name;
  const wanted = "a checkpoint's files are called by a prefix, such as bert_model.ckpt";
  throw new CheckpointError("argument", `${wanted}, not ${quoted(name)}`);
}

/** TensorFlow's order, that of the names' bytes. */
function inOrder<Kind extends DescribedArray>(arrays: readonly Kind[]): Kind[] {
  // The header is under the empty key, slices of tensors under keys that begin with a zero.
  const problems = problemsOf(arrays, { mostAxes, reserves: (name) => name === "" || name.startsWith("\0") });
  if (problems.length > 0) throw new CheckpointError("argument", `cannot be written: ${problems.join("; ")}`);
  return [...arrays].sort((left, right) => compareCodePoints(left.name, right.name));
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    const remedy = "write them with writeTensorFlow";
    throw new CheckpointError("limit", `no memory for ${size} bytes of arrays; ${remedy}`, { cause: error });
  }
}
