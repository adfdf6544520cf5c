import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** What a file holds: bytes, text, or the path of a file on disk, which is read when asked for. */
export type Content = Uint8Array | string | { readonly path: string };

/** A repository's files by path within it, always with forward slashes. */
export type HubFiles = ReadonlyMap<string, Content>;

/** A file as the server knows it. */
export interface ServedFile {
  readonly path: string;
  readonly size: number;
  /** Git's name for its bytes; of a large file, for the pointer that git keeps in its place. */
  readonly oid: string;
  /** The sha256 of a file that is kept in large file storage; undefined for one that git holds itself. */
  readonly sha256: string | undefined;
  /** Its bytes `[from, to)`. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Which files the hub would keep in large file storage. */
const isLarge = (path: string, size: number): boolean => size > 10 * 2 ** 20 || /\.(safetensors|bin|onnx)$/.test(path);

/** Measures and hashes a file, so that it can be served. */
export async function servedFile(path: string, content: Content): Promise<ServedFile> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const size = bytes instanceof Uint8Array ? bytes.length : (await stat(bytes.path)).size;
  const read = (from: number, to: number): AsyncIterable<Uint8Array> => {
    if (bytes instanceof Uint8Array) return inPieces(bytes.subarray(from, to));
    return from < to ? createReadStream(bytes.path, { start: from, end: to - 1 }) : inPieces(new Uint8Array(0));
  };
  const [sha256, ownOid] = [createHash("sha256"), gitBlob(size)];
  for await (const piece of read(0, size)) for (const hash of [sha256, ownOid]) hash.update(piece);
  if (!isLarge(path, size)) return { path, size, oid: ownOid.digest("hex"), sha256: undefined, read };
  const name = sha256.digest("hex");
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${name}\nsize ${size}\n`;
  return { path, size, oid: gitBlob(pointer.length).update(pointer).digest("hex"), sha256: name, read };
}

/** Every file below a folder of the disk. */
export async function filesIn(folder: string): Promise<HubFiles> {
  const entries = await readdir(folder, { recursive: true });
  const files = new Map<string, Content>();
  for (const entry of entries.sort()) {
    const path = join(folder, entry);
    if ((await stat(path)).isFile()) files.set(entry.split(sep).join("/"), { path });
  }
  return files;
}

const gitBlob = (size: number): Hash => createHash("sha1").update(`blob ${size}\0`);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 2 ** 16) yield bytes.subarray(from, from + 2 ** 16);
}
