import type { ByteSource } from "../bytes/byte-source.js";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { ReadOptions, Values } from "../checkpoint-source.js";
import { readValues } from "../read-values.js";
import type { ListedTensor, StoredTensor } from "./stored-tensor.js";
import type { Location } from "./tensor.js";

/**
 * Reads an array or some of its rows. One whose elements lie in order is read as any; of another (transposed, expanded,
 * a slice) the stretch of the storage that the rows cover is read, and its elements are picked out.
 *
 * @throws CheckpointError `unsupported` for what is only listed.
 */
export async function readTensor(
  tensor: StoredTensor | ListedTensor,
  name: string,
  options: ReadOptions,
): Promise<Values> {
  options.signal?.throwIfAborted();
  if ("unreadable" in tensor) {
    const remedy = "save an ordinary one, of float32, float16 or bfloat16, in its place";
    throw new CheckpointError("unsupported", `${quoted(name)} is ${tensor.unreadable}, which is not read; ${remedy}`);
  }
  const { shape, dtype, offset, width, isContiguous } = tensor;
  if (shape.includes(0)) return readValues(memoryBytes(new Uint8Array(0)), { name, shape, dtype, begin: 0 }, options);
  const location = await tensor.storage.locate(options.signal);
  if (isContiguous) {
    return readValues(location.bytes, { name, shape, dtype, begin: location.begin + offset * width }, options);
  }
  return readValues(inOrder(tensor, name, location, options.rows), { name, shape, dtype, begin: 0 }, options);
}

/** The bytes of a view as if they lay in order. Rows are read at the first call, when they have been checked. */
function inOrder(tensor: StoredTensor, name: string, location: Location, rows: ReadOptions["rows"]): ByteSource {
  const { shape, strides, offset, width } = tensor;
  const [extent = 1, ...rest] = shape;
  const [from, to] = rows ?? [0, extent];
  const row = rest.reduce((product, inner) => product * inner, width);
  let picked: Uint8Array | undefined;
  const pick = async (signal?: AbortSignal) => {
    const asked = shape.length === 0 ? [] : [to - from, ...rest];
    const first = offset + from * (strides[0] ?? 0);
    const reach = asked.reduce((sum, inner, axis) => sum + (inner - 1) * strides[axis]!, 1);
    const stretch = allocate(reach * width, name);
    await location.bytes.read(location.begin + first * width, stretch, signal);
    return pickOut(stretch, allocate((to - from) * row, name), { shape: asked, strides, width });
  };
  return {
    label: location.bytes.label,
    size: extent * row,
    async read(start, into, signal) {
      picked ??= await pick(signal);
      into.set(picked.subarray(start - from * row, start - from * row + into.length));
    },
    async close() {},
  };
}

function allocate(size: number, name: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    const problem = `${quoted(name)} does not lie in order: no memory for the ${size} bytes it covers`;
    throw new CheckpointError("limit", `${problem}; read it by \`rows\``, { cause: error });
  }
}

/** Copies a view's elements, row-major, in words of at most 4 bytes. */
function pickOut(
  stretch: Uint8Array,
  into: Uint8Array,
  { shape, strides, width }: Pick<StoredTensor, "shape" | "strides" | "width">,
): Uint8Array {
  const from = wordsOf(stretch, width);
  const to = wordsOf(into, width);
  const words = Math.max(1, width / 4);
  const index = new Array<number>(shape.length).fill(0);
  let element = 0;
  for (let i = 0; i < to.length; i += words) {
    for (let word = 0; word < words; word++) to[i + word] = from[element * words + word]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      element += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      element -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return into;
}

function wordsOf({ buffer }: Uint8Array, width: number): Uint8Array | Uint16Array | Uint32Array {
  if (width === 1) return new Uint8Array(buffer);
  return width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}
