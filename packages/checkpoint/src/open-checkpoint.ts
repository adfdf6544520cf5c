import type { ByteSource } from "./bytes/byte-source.js";
import { blobBytes, memoryBytes } from "./bytes/memory-bytes.js";
import type { FetchOptions } from "./bytes/url-bytes.js";
import { CheckpointError, quoted, reasonOf } from "./checkpoint-error.js";
import type { CheckpointSource } from "./checkpoint-source.js";
import { type Place, pathPlace, urlPlace } from "./place.js";
import { openSafetensors } from "./safetensors/safetensors-source.js";
import { openSharded } from "./sharded-source.js";

/** How {@link openCheckpoint} opens; all but `signal` matter for http(s) addresses only. */
export interface OpenCheckpointOptions extends FetchOptions {
  /** Stops the opening, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a model's folder is searched for, in this order, which is that of Hugging Face's transformers. */
const inFolder = ["model.safetensors", "model.safetensors.index.json"] as const;

/**
 * Opens a checkpoint to read arrays from:
 *
 * - the path of a `.safetensors` file, of a `*.safetensors.index.json` whose files lie beside it, or of a folder that
 *   has a `model.safetensors` or a `model.safetensors.index.json` (Node only);
 * - an `http:` or `https:` address of one of these (or a `file:` URL); an address that does not end in `.safetensors`
 *   or `.json` is a folder's;
 * - the bytes of a safetensors file; they are borrowed, not copied.
 *
 * @throws CheckpointError where there is nothing, or nothing sound, to open; `code` says which.
 */
export async function openCheckpoint(
  from: string | URL | Uint8Array | ArrayBuffer | Blob,
  options: OpenCheckpointOptions = {},
): Promise<CheckpointSource> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (from instanceof Uint8Array) return openSafetensors(memoryBytes(from), signal);
  if (from instanceof ArrayBuffer) return openSafetensors(memoryBytes(new Uint8Array(from)), signal);
  if (from instanceof Blob) return openSafetensors(blobBytes(from), signal);
  const place = placeOf(from, options);
  if (!(await place.isFolder())) return openBytes(place, await place.open(signal), signal);
  for (const fileName of inFolder) {
    const child = place.child(fileName);
    const bytes = await child.open(signal).catch(undefinedIfMissing);
    if (bytes !== undefined) return openBytes(child, bytes, signal);
  }
  throw new CheckpointError("missing", `${place.label} has neither ${inFolder.join(" nor ")}`);
}

function placeOf(from: string | URL, options: FetchOptions): Place {
  const text = String(from);
  if (/^https?:\/\//i.test(text)) return urlPlace(addressOf(text), options);
  if (/^file:\/\//i.test(text)) return pathPlace(pathOf(addressOf(text)));
  if (from instanceof URL) {
    throw new CheckpointError("argument", `addresses start with http:, https: or file:, not ${from.protocol}`);
  }
  return pathPlace(from);
}

function addressOf(text: string): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw new CheckpointError("argument", `${quoted(text)} is no address`, { cause: error });
  }
}

function pathOf(url: URL): string {
  const node = globalThis.process?.getBuiltinModule?.("node:url");
  if (node === undefined) throw new CheckpointError("unsupported", `${url.href}: there are no files here`);
  try {
    return node.fileURLToPath(url);
  } catch (error) {
    throw new CheckpointError("argument", `${url.href} names no file: ${reasonOf(error)}`, { cause: error });
  }
}

async function openBytes(place: Place, bytes: ByteSource, signal: AbortSignal | undefined): Promise<CheckpointSource> {
  if (!place.fileName.endsWith(".json")) return openSafetensors(bytes, signal);
  const openShard = async (shard: Place) => openSafetensors(await shard.open(signal), signal);
  return openSharded(place, bytes, openShard, signal);
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof CheckpointError && error.code === "missing") return undefined;
  throw error;
}
