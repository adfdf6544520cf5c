import type { FileHandle } from "node:fs/promises";
import type { NodeModules } from "../../node-modules.js";
import { gitHeader, hashOf } from "../../repo-file.js";
import type { NodePlace } from "./node-place.js";

/** How a blob is: `unknown` where its name is no hash. */
export type BlobState = "ok" | "wrong" | "missing" | "unknown";

/**
 * Whether a blob is as it was when its hash was last right, by its size and times; it is hashed where no mark says so,
 * as after a download by somebody else.
 */
export async function checkBlob(place: NodePlace, etag: string): Promise<BlobState> {
  const blob = place.node.path.join(place.blobs, etag);
  const now = await fingerprint(place, blob);
  if (now === undefined) return "missing";
  const marked = await place.node.files.readFile(markOf(place, etag), "utf8").catch(() => undefined);
  return marked === now ? "ok" : hashBlob(place, etag);
}

/** Hashes a blob, whatever its mark says, and marks it where it is right. */
export async function hashBlob(place: NodePlace, etag: string): Promise<BlobState> {
  const blob = place.node.path.join(place.blobs, etag);
  const before = await fingerprint(place, blob);
  if (before === undefined) return "missing";
  if (hashOf(etag) === undefined) return "unknown";
  const file = await place.node.files.open(blob, "r");
  try {
    if ((await hashFile(place.node, file, etag)) !== etag) return "wrong";
  } finally {
    await file.close();
  }
  if ((await fingerprint(place, blob)) === before) await writeMark(place, etag, before);
  return "ok";
}

/** Marks a blob that was hashed before it came to its place. */
export async function markBlob(place: NodePlace, etag: string): Promise<void> {
  const now = await fingerprint(place, place.node.path.join(place.blobs, etag));
  if (now !== undefined) await writeMark(place, etag, now);
}

/** The hash of an open file, of the kind that an etag is. */
export async function hashFile({ crypto }: NodeModules, file: FileHandle, etag: string): Promise<string> {
  const { size } = await file.stat();
  const isGit = hashOf(etag) === "git";
  const hash = crypto.createHash(isGit ? "sha1" : "sha256");
  if (isGit) hash.update(gitHeader(size));
  const piece = new Uint8Array(2 ** 20);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}

const markOf = ({ node, own }: NodePlace, etag: string): string => node.path.join(own, "verified", etag);

/** What changes when a file does; undefined where there is none. */
async function fingerprint({ node }: NodePlace, path: string): Promise<string | undefined> {
  const found = await node.files.stat(path).catch(() => undefined);
  return found?.isFile() ? `${found.size} ${found.mtimeMs} ${found.ctimeMs}` : undefined;
}

async function writeMark(place: NodePlace, etag: string, content: string): Promise<void> {
  const path = markOf(place, etag);
  try {
    await place.node.files.mkdir(place.node.path.dirname(path), { recursive: true });
    await place.node.files.writeFile(path, content);
  } catch {
    // In a cache that may not be written to, blobs are hashed each time.
  }
}
