import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointEntry } from "../checkpoint-source.js";
import { isCount, isCounts, isShape } from "./pickled-value.js";
import { EmbeddedStorage, type Storage, type Tensor, type UnreadableTensor } from "./tensor.js";

/** An array that is a view of a storage, and within it. */
export interface StoredTensor extends CheckpointEntry {
  readonly storage: Storage;
  /** Bytes of an element. */
  readonly width: number;
  /** Of the first element in the storage, in elements, as strides are. */
  readonly offset: number;
  readonly strides: readonly number[];
  readonly isContiguous: boolean;
}

/** An array that is listed but not read. */
export interface ListedTensor extends CheckpointEntry {
  /** As in "a sparse tensor". */
  readonly unreadable: string;
}

// What an expanded tensor, whose elements lie one on another, may have beyond the elements of its storage.
const mostExpanded = 2 ** 20;

/**
 * Checks that a view lies within its storage, and has no more elements than that without reason.
 *
 * @throws CheckpointError `malformed` where it does not, `limit` where it has.
 */
export function storedTensor(tensor: Tensor, name: string, label: string): StoredTensor {
  const problem = (code: "malformed" | "limit", text: string) =>
    new CheckpointError(code, `${label}: ${quoted(name)} ${text}`);
  const { shape, strides, offset } = tensor;
  const storage = tensor.storage instanceof EmbeddedStorage ? tensor.storage.storage : tensor.storage;
  if (!isShape(shape) || !isCounts(strides) || !isCount(offset))
    throw problem("malformed", "has no shape or no strides");
  if (strides.length !== shape.length) {
    throw problem("malformed", `has ${shape.length} axes and ${strides.length} strides`);
  }
  if (storage === undefined) throw problem("malformed", "has no storage");
  const { dtype, bytes } = tensor.type ?? storage.type;
  const held = Math.floor(storage.size / bytes);
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (count > Math.max(held, mostExpanded)) {
    throw problem("limit", `of shape [${shape.slice(0, 8)}] has ${count} elements of a storage of ${held}`);
  }
  const last = shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, offset);
  if (count > 0 && last >= held) {
    throw problem("malformed", `reaches to element ${last} of a storage that has ${held}`);
  }
  return { shape, dtype, storage, width: bytes, offset, strides, isContiguous: areContiguous(shape, strides) };
}

/** Lists a tensor that is not read; what is no shape is shown as that of a scalar. */
export function listedTensor({ shape, dtype, what }: UnreadableTensor): ListedTensor {
  return { shape: isShape(shape) ? shape : [], dtype, unreadable: what };
}

function areContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
