import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointEntry } from "../checkpoint-source.js";
import { isReadable, layouts } from "../stored-dtype.js";
import { readBundleHeader, readStoredTensor, type StoredTensor, type Wire } from "./bundle-messages.js";
import { dtypeOf } from "./element-types.js";
import { tableEntries } from "./read-table.js";
import { rowsOf, sliceKey } from "./tensor-slices.js";

/** What the index of a checkpoint says. */
export interface BundleIndex {
  /** How many data files there are. */
  readonly shards: number;
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, BundleTensor>;
}

/** A tensor and where its bytes are. */
export interface BundleTensor extends CheckpointEntry {
  /** One after another they are the tensor, row-major; undefined where it is cut otherwise than by rows. */
  readonly pieces: readonly BundlePiece[] | undefined;
}

/** Bytes of one of the data files. */
export interface BundlePiece {
  readonly shard: number;
  readonly begin: number;
  readonly size: number;
  /** Masked. */
  readonly checksum: number;
}

// Each is an open file.
const mostShards = 1024;

// Fifty times the tensors of the largest BERT with an optimizer's slots; what an index of the largest size could list
// without a limit would not fit in memory.
const mostTensors = 2 ** 18;

// What TensorFlow 2 writes, and what this reads.
const version = 1;

/**
 * Reads and checks the index of a TensorFlow V2 checkpoint.
 *
 * @throws CheckpointError as {@link tableEntries} does; `malformed` where tensors contradict themselves or each other;
 * `unsupported` for big-endian checkpoints, those of a later version, and those of version 1.
 */
export async function readBundleIndex(bytes: ByteSource, signal?: AbortSignal): Promise<BundleIndex> {
  const { label } = bytes;
  const wire = await import("@bufbuild/protobuf/wire");
  let shards: number | undefined;
  const tensors: [name: string, tensor: BundleTensor][] = [];
  const slices = new Map<string, StoredTensor>();
  // Keys of slices start with a zero byte, so they come before the tensors they are of.
  for await (const { key, value } of tableEntries(bytes, signal)) {
    if (shards === undefined) {
      shards = shardsOf(key, value, wire, label);
      continue;
    }
    if (tensors.length + slices.size === mostTensors) {
      throw new CheckpointError("limit", `${label}: more than ${mostTensors} tensors`);
    }
    const entryLabel = `${label}: ${quoted(new TextDecoder().decode(key))}`;
    const stored = readStoredTensor(value, wire, entryLabel);
    if (stored.shard >= shards) {
      throw new CheckpointError("malformed", `${entryLabel} is in file ${stored.shard} of ${shards}`);
    }
    if (key[0] === 0) slices.set(textOf(key), checkedSlice(stored, entryLabel));
    else tensors.push([nameOf(key, label), tensorOf(key, stored, slices, entryLabel)]);
  }
  if (shards === undefined) throw new CheckpointError("malformed", `${label}: the index is empty`);
  checkApart(tensors, label);
  return { shards, tensors: new Map(tensors.sort(([, left], [, right]) => compareBegin(left, right))) };
}

function shardsOf(key: Uint8Array, value: Uint8Array, wire: Wire, label: string): number {
  if (key.length > 0) {
    throw new CheckpointError("malformed", `${label}: the index has no header; is it a TensorFlow checkpoint's?`);
  }
  if (value[0] === 0x0a) {
    const remedy = "restore it in TensorFlow with tf.compat.v1.train.Saver and save it again, which writes version 2";
    throw new CheckpointError("unsupported", `${label} is a TensorFlow checkpoint of version 1; ${remedy}`);
  }
  const header = readBundleHeader(value, wire, `${label}: header`);
  if (header.bigEndian) {
    const remedy = "save it again on a little-endian machine";
    throw new CheckpointError("unsupported", `${label}: the checkpoint is big-endian; ${remedy}`);
  }
  if (header.minimumConsumer > version) {
    const problem = `readers of version ${header.minimumConsumer} or later are wanted, this one is ${version}`;
    throw new CheckpointError("unsupported", `${label}: ${problem}`);
  }
  if (header.shards >= 1 && header.shards <= mostShards) return header.shards;
  throw new CheckpointError("malformed", `${label}: ${header.shards} data files, where 1 to ${mostShards} are read`);
}

function checkedSlice(stored: StoredTensor, label: string): StoredTensor {
  if (stored.slices.length === 0) return stored;
  throw new CheckpointError("malformed", `${label}: a slice that has slices itself`);
}

/** A key as text, one character a byte: what it is told apart by, whether it is UTF-8 or not. */
function textOf(key: Uint8Array): string {
  return new TextDecoder("latin1").decode(key);
}

function nameOf(key: Uint8Array, label: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(key);
  } catch (error) {
    throw new CheckpointError("malformed", `${label}: the name ${quoted(textOf(key))} is not UTF-8`, { cause: error });
  }
}

function tensorOf(
  key: Uint8Array,
  stored: StoredTensor,
  slices: ReadonlyMap<string, StoredTensor>,
  label: string,
): BundleTensor {
  const { shape } = stored;
  const dtype = dtypeOf(stored.type);
  if (stored.type === 0) throw new CheckpointError("malformed", `${label} has no element type`);
  const elements = shape.reduce((product, extent) => product * extent, 1);
  if (elements > Number.MAX_SAFE_INTEGER) {
    throw new CheckpointError("malformed", `${label} of shape [${shape}] is impossibly large`);
  }
  const whole = stored.slices.length === 0;
  return { shape, dtype, pieces: whole ? [pieceOf(stored, label)] : rowPieces(key, stored, slices, label) };
}

/** The slices of a tensor in order, each of which must begin where the one before ends; undefined unless all are rows. */
function rowPieces(
  key: Uint8Array,
  stored: StoredTensor,
  slices: ReadonlyMap<string, StoredTensor>,
  label: string,
): BundlePiece[] | undefined {
  const parts = stored.slices.flatMap((slice) => {
    const rows = rowsOf(slice, stored.shape);
    return rows === undefined ? [] : [{ slice, rows }];
  });
  if (parts.length < stored.slices.length) return undefined;
  parts.sort((left, right) => left.rows[0] - right.rows[0]);
  const pieces: BundlePiece[] = [];
  let done = 0;
  for (const { slice, rows } of parts) {
    const [from, to] = rows;
    if (from !== done || to <= from) {
      throw new CheckpointError("malformed", `${label}: a slice of rows [${from}, ${to}) where ${done} was to begin`);
    }
    done = to;
    const part = slices.get(textOf(sliceKey(key, slice)));
    if (part === undefined) throw new CheckpointError("malformed", `${label}: there is no slice [${from}, ${to})`);
    checkFits(part, stored, to - from, label);
    pieces.push(pieceOf(part, label));
  }
  if (done === stored.shape[0]) return pieces;
  throw new CheckpointError("malformed", `${label}: the slices have ${done} rows, the shape is [${stored.shape}]`);
}

function checkFits(part: StoredTensor, whole: StoredTensor, rows: number, label: string): void {
  const shape = [rows, ...whole.shape.slice(1)];
  if (part.type === whole.type && String(part.shape) === String(shape)) return;
  const came = `${dtypeOf(part.type)} of shape [${part.shape}]`;
  throw new CheckpointError("malformed", `${label}: a slice is ${came}, not ${dtypeOf(whole.type)} of [${shape}]`);
}

function pieceOf({ type, shape, shard, offset, size, checksum }: StoredTensor, label: string): BundlePiece {
  const dtype = dtypeOf(type);
  if (isReadable(dtype)) {
    const wanted = shape.reduce((product, extent) => product * extent, layouts[dtype].bytes);
    if (size !== wanted) {
      throw new CheckpointError(
        "malformed",
        `${label}: ${dtype} of shape [${shape}] takes ${wanted} bytes, not ${size}`,
      );
    }
  }
  if (offset + size <= Number.MAX_SAFE_INTEGER) return { shard, begin: offset, size, checksum };
  throw new CheckpointError("malformed", `${label}: impossibly far into its file`);
}

/** Two tensors never share bytes; if they could, a small file would hold any number of large ones. */
function checkApart(tensors: readonly [name: string, tensor: BundleTensor][], label: string): void {
  const pieces = tensors.flatMap(([name, tensor]) => (tensor.pieces ?? []).map((piece) => ({ name, piece })));
  pieces.sort((left, right) => comparePieces(left.piece, right.piece));
  let shard = 0;
  let end = 0;
  for (const { name, piece } of pieces) {
    if (piece.shard !== shard) end = 0;
    shard = piece.shard;
    if (piece.begin < end) {
      throw new CheckpointError("malformed", `${label}: ${quoted(name)} overlaps the tensor before it`);
    }
    end = piece.begin + piece.size;
  }
}

function comparePieces(left: BundlePiece, right: BundlePiece): number {
  return left.shard - right.shard || left.begin - right.begin || left.size - right.size;
}

/** Tensors that cannot be read come last. */
function compareBegin({ pieces: left }: BundleTensor, { pieces: right }: BundleTensor): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return comparePieces(left[0]!, right[0]!);
}
