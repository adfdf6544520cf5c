import { byCheckedPath } from "./archive/member-names.js";
import { isGzip, isTar, readTar } from "./archive/read-tar.js";
import type { ByteSource } from "./bytes/byte-source.js";
import { CheckpointError } from "./checkpoint-error.js";
import type { CheckpointSource } from "./checkpoint-source.js";
import type { Format } from "./format.js";
import type { Member } from "./member-place.js";
import { isNpzZip, npy, openNpz } from "./npz/npz-source.js";
import type { Place } from "./place.js";
import { isPyTorchZip } from "./pytorch/is-pytorch-zip.js";
import { openPyTorchZip, pyTorch } from "./pytorch/pytorch.js";
import { safetensors } from "./safetensors/safetensors-source.js";
import { openSharded } from "./sharded-source.js";
import { tensorFlow } from "./tensorflow/tensorflow-source.js";
import { defaultUnpackLimit, isZip, readZip, type ZipMember } from "./zip/read-zip.js";

/** How files are read whose format is found out. */
export interface ReadFileOptions {
  /**
   * The most bytes, 2 GiB unless given, that what is compressed may unpack to in memory: a file in a zip archive or in
   * an npz, all of a tar archive.
   */
  readonly unpackLimit?: number | undefined;
  /** Stops the opening, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a file turns out to be. */
export type Contents =
  | { readonly kind: "checkpoint"; open(place: Place): Promise<CheckpointSource> }
  | { readonly kind: "archive"; readonly members: ReadonlyMap<string, Member> };

// Those whose first bytes say more are before those whose say less.
const formats: readonly Format[] = [safetensors, npy, pyTorch, tensorFlow];
const startSize = 512;
const known = "safetensors, PyTorch, TensorFlow's .index, NumPy's .npz and .npy, and archives (zip, tar, tar.gz)";

/**
 * Finds out what a file is: by its first bytes, a zip archive by its directory, and by its name where these do not say.
 * Owns the bytes where that fails.
 *
 * @throws CheckpointError `malformed` where it is nothing known, and as archives and formats do.
 */
export async function recognise(bytes: ByteSource, fileName: string, options: ReadFileOptions): Promise<Contents> {
  try {
    const { signal, unpackLimit = defaultUnpackLimit } = options;
    const start = new Uint8Array(Math.min(startSize, bytes.size));
    await bytes.read(0, start, signal);
    if (isZip(start)) return zipContents(bytes, await readZip(bytes, signal, unpackLimit), options);
    const byContent = formats.find((format) => format.recognises(start, ""));
    const format = byContent ?? [shardIndex(options), ...formats].find((one) => one.recognises(start, fileName));
    if (format !== undefined) {
      return { kind: "checkpoint", open: (place) => format.open(bytes, place, signal) };
    }
    if (isGzip(start) || isTar(start) || /\.tar$/i.test(fileName)) {
      return { kind: "archive", members: await readTar(bytes, { unpackLimit, signal }) };
    }
    const problem = start.length === 0 ? "is empty" : "is in no known format";
    throw new CheckpointError(
      start.length === 0 ? "truncated" : "malformed",
      `${bytes.label} ${problem}; known are ${known}`,
    );
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/**
 * Opens a file that is a checkpoint. Owns the bytes.
 *
 * @throws CheckpointError `unsupported` for an archive: one in a folder or in another archive is not looked into.
 */
export async function openFile(place: Place, bytes: ByteSource, options: ReadFileOptions): Promise<CheckpointSource> {
  const contents = await recognise(bytes, place.fileName, options);
  if (contents.kind === "checkpoint") return contents.open(place);
  await bytes.close();
  throw new CheckpointError("unsupported", `${place.label} is an archive, not a checkpoint; open it itself`);
}

function zipContents(
  bytes: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  { signal }: ReadFileOptions,
): Contents {
  if (isPyTorchZip(members.keys())) {
    return { kind: "checkpoint", open: () => openPyTorchZip(bytes, members, signal) };
  }
  if (isNpzZip(members.keys())) return { kind: "checkpoint", open: () => openNpz(bytes, members, signal) };
  return { kind: "archive", members: byCheckedPath(members, bytes.label) };
}

/** An index of shards: which file beside it holds which array. They may be of any format. */
const shardIndex = (options: ReadFileOptions): Format => ({
  name: "index of shards",
  recognises: (_, fileName) => fileName.endsWith(".json"),
  open: (bytes, place, signal) =>
    openSharded(place, bytes, async (shard) => openFile(shard, await shard.open(signal), options), signal),
});
