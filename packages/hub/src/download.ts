import type { CachedRepo, PartialBlob } from "./cache/model-cache.js";
import { HubError } from "./hub-error.js";
import { type PersistOptions, persist, Setback } from "./network/patience.js";
import type { PlacedBytes } from "./network/transport.js";
import type { RepoFile } from "./repo-file.js";

/** One file's way from the hub into the cache. */
export interface Download extends PersistOptions {
  readonly repo: CachedRepo;
  readonly file: RepoFile;
  /** The file's bytes from one on. */
  readonly read: (from: number) => AsyncGenerator<PlacedBytes>;
  /** Told how many of the file's bytes are there, whoever brings them. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Brings a file's bytes into the cache, from where an earlier attempt ended, and hashes what is then on disk. Bytes
 * that are wrong are brought once more from the first on, and if they are wrong again, that is an error `corrupt`.
 */
export async function download(job: Download): Promise<void> {
  const { repo, file, patience, signal, onBytes } = job;
  const partial = await repo.claim(file, { signal, stall: patience.stall, onWait: onBytes });
  if (partial !== undefined) {
    try {
      await bringInto(partial, job);
    } finally {
      await partial.release();
    }
  }
  onBytes(file.size);
}

async function bringInto(partial: PartialBlob, job: Download): Promise<void> {
  for (let tries = 0; tries < 2; tries++) {
    onStart(partial, job);
    if (partial.size < job.file.size) await persist((progressed) => fill(partial, job, progressed), job);
    if (await partial.keep()) return;
    await partial.empty();
  }
  const { path, size, etag } = job.file;
  throw new HubError(
    "corrupt",
    `${path} came twice with other bytes than the hub's hash says (${size} bytes, ${etag})`,
    {
      hint: "A proxy may be changing files on their way; nothing of it was kept. Try again, or from another network.",
    },
  );
}

const onStart = (partial: PartialBlob, { onBytes }: Download): void => onBytes(partial.size);

/** So many bytes in one answer make it worth trying on for as long as before. */
const worthwhile = 2 ** 20;

async function fill(partial: PartialBlob, { file, read, onBytes }: Download, progressed: () => void): Promise<void> {
  const start = partial.size;
  for await (const { at, bytes } of read(start)) {
    if (at + bytes.length > file.size) {
      await partial.empty();
      throw new Setback(
        new HubError("corrupt", `${file.path} has more bytes than the ${file.size} that the hub lists`),
      );
    }
    await partial.write(at, bytes);
    if (partial.size - start >= worthwhile) progressed();
    onBytes(partial.size);
  }
  if (partial.size < file.size) {
    const message = `${file.path} ended after ${partial.size} of ${file.size} bytes`;
    throw new Setback(new HubError("network", message, { hint: "Try again: what came is kept and continued." }));
  }
}
