import type { ByteSource } from "./bytes/byte-source.js";
import { blobBytes, memoryBytes } from "./bytes/memory-bytes.js";
import type { FetchOptions } from "./bytes/url-bytes.js";
import { CheckpointError, quoted, reasonOf } from "./checkpoint-error.js";
import type { ReadFileOptions } from "./formats.js";
import { type Member, memberPlace } from "./member-place.js";
import { type Place, pathPlace, urlPlace } from "./place.js";

/** How checkpoints and archives are opened; what {@link FetchOptions} says matters for http(s) addresses only. */
export interface OpenCheckpointOptions extends FetchOptions, ReadFileOptions {}

/** Bytes that are at hand, or where to get them: a path, an address. */
export type OpenFrom = string | URL | Uint8Array | ArrayBuffer | Blob;

/**
 * Where something is. Bytes and a `Blob` are alone in the world; several `File`s are a folder.
 *
 * @throws CheckpointError `argument` for an address that is none.
 */
export function placeOf(from: OpenFrom | readonly File[], options: FetchOptions): Place {
  if (from instanceof Uint8Array) return alone(memoryBytes(from));
  if (from instanceof ArrayBuffer) return alone(memoryBytes(new Uint8Array(from)));
  if (from instanceof Blob) return alone(blobBytes(from));
  if (typeof from !== "string" && !(from instanceof URL)) return placeOfFiles(from);
  const text = String(from);
  if (/^https?:\/\//i.test(text)) return urlPlace(addressOf(text), options);
  if (/^file:\/\//i.test(text)) return pathPlace(pathOf(addressOf(text)));
  if (typeof from === "string") return pathPlace(from);
  throw new CheckpointError("argument", `addresses start with http:, https: or file:, not ${from.protocol}`);
}

/** A file without neighbours. */
function alone(bytes: ByteSource): Place {
  return memberPlace("what was given", new Map([[bytes.label, { open: async () => bytes }]]), bytes.label);
}

function placeOfFiles(files: readonly File[]): Place {
  const members = new Map<string, Member>();
  for (const file of files) {
    if (members.has(file.name)) throw new CheckpointError("argument", `two files are called ${quoted(file.name)}`);
    members.set(file.name, { open: async () => blobBytes(file) });
  }
  return memberPlace("what was chosen", members, files.length === 1 ? files[0]!.name : "");
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
