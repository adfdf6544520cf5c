import { checkpointInArchive } from "./archive/open-archive.js";
import { CheckpointError } from "./checkpoint-error.js";
import type { CheckpointSource } from "./checkpoint-source.js";
import { recognise } from "./formats.js";
import { type FoundFile, openFolder, openIfThere } from "./open-folder.js";
import { type OpenCheckpointOptions, type OpenFrom, placeOf } from "./open-place.js";
import type { Place } from "./place.js";

/**
 * Opens a checkpoint to read arrays from. What it is, its bytes say and, where they don't, its name:
 *
 * - a file: safetensors, PyTorch's (`.bin`, `.pt`), NumPy's `.npz` or `.npy`; the `.index` of a TensorFlow checkpoint or
 *   its prefix (`bert_model.ckpt`); the index of shards (`*.safetensors.index.json`, `*.bin.index.json`);
 * - a folder with one of these under its usual name: as transformers does, it takes `model.safetensors` first, then
 *   PyTorch's, TensorFlow's, and `model.npz`;
 * - an archive of such a folder, `.zip`, `.tar` or `.tar.gz`, in whose single top folder it looks. What is compressed,
 *   and all of a tar archive, is unpacked to memory.
 *
 * It is given as a path (Node only); as an `http:`, `https:` or `file:` address (one on the web that does not end as
 * these files do is a folder's); as bytes, which are borrowed, not copied; as a `Blob`; or as several `File`s, as one
 * folder.
 *
 * @throws CheckpointError where there is nothing, or nothing sound, to open; `code` says which.
 */
export async function openCheckpoint(
  from: OpenFrom | readonly File[],
  options: OpenCheckpointOptions = {},
): Promise<CheckpointSource> {
  const { signal } = options;
  signal?.throwIfAborted();
  const place = placeOf(from, options);
  if (await isFolder(place)) return openFolder(place, options);
  const found = await openFileOrIndex(place, signal);
  const contents = await recognise(found.bytes, found.place.fileName, options);
  if (contents.kind === "checkpoint") return contents.open(found.place);
  return checkpointInArchive(found.bytes, contents.members, options);
}

/** What is not there is no folder; opening it will say so, unless it is a prefix. */
async function isFolder(place: Place): Promise<boolean> {
  return place.isFolder().catch((error: unknown) => {
    if (error instanceof CheckpointError && error.code === "missing") return false;
    throw error;
  });
}

/** Opens a file or, where it is the prefix of a TensorFlow checkpoint and so no file itself, that checkpoint's index. */
async function openFileOrIndex(place: Place, signal: AbortSignal | undefined): Promise<FoundFile> {
  const bytes = await openIfThere(place, signal);
  if (bytes !== undefined) return { place, bytes };
  const index = place.sibling(`${place.fileName}.index`);
  const indexBytes = place.fileName === "" ? undefined : await openIfThere(index, signal);
  if (indexBytes !== undefined) return { place: index, bytes: indexBytes };
  throw new CheckpointError("missing", `there is neither ${place.label} nor ${index.label}`);
}
