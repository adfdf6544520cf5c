import type { ByteSource } from "./bytes/byte-source.js";
import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { CheckpointEntry, ReadOptions, Values } from "./checkpoint-source.js";
import { decodeValues } from "./decode-values.js";
import { holds, isReadable, layouts, memoryOf, type ReadableDType } from "./stored-dtype.js";

/** An array that lies row-major and without gaps from byte `begin` of a file. */
export interface ContiguousArray extends CheckpointEntry {
  readonly name: string;
  readonly begin: number;
}

const pieceSize = 4 * 2 ** 20;

/**
 * Reads a contiguous array, or some of its rows. Elements that are no wider in the file than in memory are read
 * straight into that memory and widened in place; wider ones pass through pieces of 4 MB.
 */
export async function readValues(bytes: ByteSource, array: ContiguousArray, options: ReadOptions): Promise<Values> {
  options.signal?.throwIfAborted();
  const { name, dtype } = array;
  if (!isReadable(dtype)) {
    const isFloat = dtype.startsWith("float");
    const remedy = isFloat
      ? "convert the file to float32, float16 or bfloat16 first"
      : "floats, integers and booleans are";
    throw new CheckpointError("unsupported", `${quoted(name)} holds ${dtype}, which is listed but not read; ${remedy}`);
  }
  const [first, count] = elementRange(array, options.rows);
  const values = memoryFor(name, dtype, count, options.into);
  if (count === 0) return values;
  const width = layouts[dtype].bytes;
  const begin = array.begin + first * width;
  const read = async (from: number, into: Uint8Array) => {
    try {
      await bytes.read(from, into, options.signal);
    } catch (error) {
      throw values.length === count ? error : detached(name);
    }
    if (values.length !== count) throw detached(name);
  };
  if (width <= values.BYTES_PER_ELEMENT) {
    await read(begin, tailOf(values, width));
    decodeValues(dtype, tailOf(values, width), values, name);
    return values;
  }
  const scratch = new Uint8Array(Math.min(count * width, pieceSize));
  for (let done = 0; done < count; ) {
    const part = scratch.subarray(0, Math.min(scratch.length, (count - done) * width));
    await read(begin + done * width, part);
    decodeValues(dtype, part, values.subarray(done, done + part.length / width), name);
    done += part.length / width;
  }
  return values;
}

/** The last bytes of `values`, where as many narrower elements can wait to be widened from the front. */
function tailOf(values: Values, width: number): Uint8Array {
  const bytes = values.length * width;
  return new Uint8Array(values.buffer, values.byteOffset + values.byteLength - bytes, bytes);
}

function elementRange({ name, shape }: ContiguousArray, rows: ReadOptions["rows"]): [first: number, count: number] {
  if (rows === undefined) return [0, shape.reduce((product, extent) => product * extent, 1)];
  const [extent, ...rest] = shape;
  if (extent === undefined) throw new CheckpointError("argument", `${quoted(name)} is a scalar and has no rows`);
  const [from, to] = rows;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > extent) {
    throw new CheckpointError("argument", `${quoted(name)} has rows [0, ${extent}); [${from}, ${to}) were asked for`);
  }
  const rowLength = rest.reduce((product, inner) => product * inner, 1);
  return [from * rowLength, (to - from) * rowLength];
}

function memoryFor(name: string, dtype: ReadableDType, count: number, into: Values | undefined): Values {
  if (into === undefined) return allocate(name, dtype, count);
  if (!holds(dtype, into)) {
    throw new CheckpointError("argument", `${quoted(name)} holds ${dtype}: \`into\` must be ${memoryOf(dtype)}`);
  }
  if (into.length !== count) {
    throw new CheckpointError("argument", `${quoted(name)}: \`into\` must have ${count} elements, not ${into.length}`);
  }
  return into;
}

function allocate(name: string, dtype: ReadableDType, count: number): Values {
  try {
    if (dtype === "float64") return new Float64Array(count);
    return layouts[dtype].kind === "integer" ? new Int32Array(count) : new Float32Array(count);
  } catch (error) {
    const remedy = "read it by `rows`";
    throw new CheckpointError("limit", `${quoted(name)}: no memory for ${count} elements at once; ${remedy}`, {
      cause: error,
    });
  }
}

function detached(name: string): CheckpointError {
  const remedy = "keep a WebAssembly memory from growing until the read is done";
  return new CheckpointError("argument", `${quoted(name)}: \`into\` was detached while it was read; ${remedy}`);
}
