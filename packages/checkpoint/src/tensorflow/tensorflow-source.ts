import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointSource, ReadOptions, Values } from "../checkpoint-source.js";
import type { Format } from "../format.js";
import type { Place } from "../place.js";
import { readValues } from "../read-values.js";
import { sourceOf } from "../source-of.js";
import { type BundleIndex, type BundleTensor, readBundleIndex } from "./bundle-index.js";
import { dataFileName } from "./file-names.js";
import { checksumsOf, pieceBytes } from "./piece-bytes.js";

/**
 * TensorFlow V2 checkpoints: `PREFIX.index`, which is opened, and `PREFIX.data-00000-of-00001` and so on beside it.
 *
 * Entries have TensorFlow's names. All are listed, also what training left beside the weights: `global_step` and an
 * optimizer's slots (`…/adam_m`, `…/adam_v`). Texts, as in the object graph of TensorFlow 2, are listed as `string` and
 * not read. Variables that were partitioned by rows are one array. An array that is read whole has its checksum
 * compared; rows have not.
 */
export const tensorFlow: Format = {
  name: "TensorFlow checkpoint",
  recognises: (start, fileName) => fileName.endsWith(".index") || startsLikeIndex(start),
  async open(bytes, place, signal) {
    return openShards(place, await readAndClose(bytes, signal), signal);
  },
};

/**
 * A block's first entry: no shared key, an empty key, the length of its value, and a message that starts with a count
 * of files (version 2) or a table of contents (version 1).
 */
function startsLikeIndex(start: Uint8Array): boolean {
  if (start[0] !== 0 || start[1] !== 0) return false;
  let at = 2;
  while (at < 7 && start[at]! >= 0x80) at++;
  return start[at + 1] === 0x08 || start[at + 1] === 0x0a;
}

async function readAndClose(bytes: ByteSource, signal: AbortSignal | undefined): Promise<BundleIndex> {
  try {
    return await readBundleIndex(bytes, signal);
  } finally {
    await bytes.close();
  }
}

async function openShards(
  place: Place,
  index: BundleIndex,
  signal: AbortSignal | undefined,
): Promise<CheckpointSource> {
  if (!place.fileName.endsWith(".index")) {
    const remedy = "give the index as a file called PREFIX.index, with its PREFIX.data-… files beside it";
    throw new CheckpointError(
      "argument",
      `${place.label}: the data of a TensorFlow checkpoint is elsewhere; ${remedy}`,
    );
  }
  const prefix = place.fileName.slice(0, -".index".length);
  const shards = new Map<number, ByteSource>();
  const close = async () => {
    await Promise.all([...shards.values()].map((shard) => shard.close()));
  };
  try {
    for (const shard of shardsIn(index)) {
      shards.set(shard, await place.sibling(dataFileName(prefix, shard, index.shards)).open(signal));
    }
    for (const [name, tensor] of index.tensors) checkFits(name, tensor, shards);
  } catch (error) {
    await close();
    throw error;
  }
  return sourceOf({
    label: place.label,
    entries: index.tensors,
    read: (tensor, name, options) => readTensor(tensor, name, options, shards),
    close,
  });
}

function shardsIn({ tensors }: BundleIndex): ReadonlySet<number> {
  return new Set([...tensors.values()].flatMap(({ pieces = [] }) => pieces.map(({ shard }) => shard)));
}

function checkFits(name: string, { pieces = [] }: BundleTensor, shards: ReadonlyMap<number, ByteSource>): void {
  for (const { shard, begin, size } of pieces) {
    const file = shards.get(shard)!;
    if (begin + size <= file.size) continue;
    const problem = `${quoted(name)} ends at byte ${begin + size}, the file at byte ${file.size}`;
    throw new CheckpointError("truncated", `${file.label}: ${problem}`);
  }
}

async function readTensor(
  { shape, dtype, pieces }: BundleTensor,
  name: string,
  options: ReadOptions,
  shards: ReadonlyMap<number, ByteSource>,
): Promise<Values> {
  if (pieces === undefined) {
    const remedy = "save it again without partitions";
    throw new CheckpointError("unsupported", `${quoted(name)} is partitioned by other axes than its first; ${remedy}`);
  }
  if (["string", "resource", "variant"].includes(dtype)) {
    throw new CheckpointError("unsupported", `${quoted(name)} holds ${dtype}, no numbers; it is listed but not read`);
  }
  const check = options.rows === undefined ? checksumsOf(name) : undefined;
  return readValues(pieceBytes(name, pieces, shards, check), { name, shape, dtype, begin: 0 }, options);
}
