import type { FileHandle } from "node:fs/promises";
import { codeOf } from "../../hub-error.js";
import { pause } from "../../pause.js";
import type { RepoFile } from "../../repo-file.js";
import type { ClaimWatch, PartialBlob } from "../model-cache.js";
import { checkBlob, hashFile, markBlob } from "./blob-marks.js";
import { diskError, type NodePlace } from "./node-place.js";

/*
 * Bytes on their way lie in `.bertkit/partial`, in a file whose name says whose they are:
 *
 *     <etag>~<host>~<process>~<random>     somebody is at it
 *     <etag>~-~0~<random>                  nobody is: an attempt ended in good order, unfinished
 *
 * To take a file over is to rename it, which one process alone can do. huggingface_hub's own `<etag>.incomplete` is
 * left alone: Python may be writing to it, under a lock that cannot be seen from here.
 */

/** A partial file that lies there. */
interface Leftover {
  readonly path: string;
  readonly host: string;
  readonly process: number;
  readonly size: number;
  /** When bytes were last added, in milliseconds. */
  readonly touched: number;
}

const free = "-";
/** After so long even the file of another host, or of a process whose number is in use again, is up for taking. */
const forgotten = 10 * 60_000;
const pollEvery = 100;

/** See {@link import("../model-cache.js").CachedRepo.claim}. */
export async function claimPartial(
  place: NodePlace,
  file: RepoFile,
  { signal, stall, onWait }: ClaimWatch,
): Promise<PartialBlob | undefined> {
  const folder = place.node.path.join(place.own, "partial");
  await place.node.files.mkdir(folder, { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    const leftovers = await leftoversOf(place, folder, file.etag);
    const busy = leftovers.filter((one) => !isAbandoned(place, one) && Date.now() - one.touched < stall);
    if (busy.length > 0) {
      onWait(Math.max(...busy.map(({ size }) => size)));
      await pause(pollEvery * (0.5 + Math.random()), signal);
      continue;
    }
    if ((await checkBlob(place, file.etag)) === "ok") return undefined;
    const path = ownPath(place, folder, file.etag);
    if (await takeOver(place, leftovers, path)) return openPartial(place, file, path);
    await place.node.files.writeFile(path, "", { flag: "wx" });
    const others = (await leftoversOf(place, folder, file.etag)).filter((one) => one.path !== path);
    if (!others.some((one) => !isAbandoned(place, one) && Date.now() - one.touched < stall)) {
      return openPartial(place, file, path);
    }
    // Another began in the same moment. Both step back, for times by chance.
    await place.node.files.rm(path, { force: true });
    await pause(2 * pollEvery * Math.random(), signal);
  }
}

function ownPath(
  { node }: NodePlace,
  folder: string,
  etag: string,
  owner = `${hostOf(node.os)}~${process.pid}`,
): string {
  return node.path.join(folder, `${etag}~${owner}~${node.crypto.randomUUID()}`);
}

/** This machine's name, in characters that any file's name may have. */
const hostOf = (os: NodePlace["node"]["os"]): string => os.hostname().replace(/[^A-Za-z0-9.-]/g, "_") || "host";

async function leftoversOf({ node }: NodePlace, folder: string, etag: string): Promise<Leftover[]> {
  const names = (await node.files.readdir(folder)).filter((name) => name.startsWith(`${etag}~`));
  const found = names.map(async (name): Promise<Leftover[]> => {
    const [, host = "", pid = ""] = name.split("~");
    const path = node.path.join(folder, name);
    // It may have been renamed since.
    const info = await node.files.stat(path).catch(() => undefined);
    return info ? [{ path, host, process: Number(pid), size: info.size, touched: info.mtimeMs }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Whether nobody will add to it any more. */
function isAbandoned({ node }: NodePlace, { host, process: pid, touched }: Leftover): boolean {
  if (host === free || Date.now() - touched > forgotten) return true;
  if (host !== hostOf(node.os)) return false;
  // In a container that was started anew, the dead process had our own number.
  if (pid === process.pid) return touched < Date.now() - 1000 * process.uptime();
  return !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Makes the largest abandoned file ours; false where there is none. */
async function takeOver(place: NodePlace, leftovers: readonly Leftover[], path: string): Promise<boolean> {
  const abandoned = leftovers.filter((one) => isAbandoned(place, one)).sort((a, b) => b.size - a.size);
  for (const one of abandoned) {
    try {
      await place.node.files.rename(one.path, path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      continue;
    }
    // Whoever looks at it now must see that somebody is at it.
    await place.node.files.utimes(path, new Date(), new Date());
    return true;
  }
  return false;
}

async function openPartial(place: NodePlace, file: RepoFile, path: string): Promise<PartialBlob> {
  const handle = await place.node.files.open(path, "r+");
  const { size } = await handle.stat();
  const partial = new PartialFile({ place, file, path, handle, size });
  if (size > file.size) await partial.empty();
  return partial;
}

interface PartialParts {
  readonly place: NodePlace;
  readonly file: RepoFile;
  readonly path: string;
  readonly handle: FileHandle;
  readonly size: number;
}

class PartialFile implements PartialBlob {
  readonly #parts: PartialParts;
  #size: number;
  #kept = false;

  constructor(parts: PartialParts) {
    this.#parts = parts;
    this.#size = parts.size;
  }

  get size(): number {
    return this.#size;
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    const { handle } = this.#parts;
    await this.#onDisk(async () => {
      if (at < this.#size) await handle.truncate(at);
      this.#size = at;
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
        this.#size = at + done;
      }
    });
  }

  async empty(): Promise<void> {
    await this.#onDisk(() => this.#parts.handle.truncate(0));
    this.#size = 0;
  }

  async keep(): Promise<boolean> {
    const { place, file, path, handle } = this.#parts;
    const { files } = place.node;
    return this.#onDisk(async () => {
      await handle.sync();
      if (this.#size !== file.size || (await hashFile(place.node, handle, file.etag)) !== file.etag) return false;
      await files.mkdir(place.blobs, { recursive: true });
      await files.rename(path, place.node.path.join(place.blobs, file.etag));
      this.#kept = true;
      await markBlob(place, file.etag);
      return true;
    });
  }

  async release(): Promise<void> {
    const { place, file, path, handle } = this.#parts;
    const { files, path: paths } = place.node;
    await handle.close();
    if (this.#kept) await removeAbandoned(place, paths.dirname(path), file.etag);
    else if (this.#size === 0) await files.rm(path, { force: true });
    else await files.rename(path, ownPath(place, paths.dirname(path), file.etag, `${free}~0`));
  }

  async #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const { place, file } = this.#parts;
      const bytes = file.size.toLocaleString("en");
      throw diskError(error, `${file.path} (${bytes} bytes) cannot be stored in ${place.folder}`);
    }
  }
}

/** Other attempts' remains, once the file is here. */
async function removeAbandoned(place: NodePlace, folder: string, etag: string): Promise<void> {
  for (const one of await leftoversOf(place, folder, etag)) {
    if (isAbandoned(place, one)) await place.node.files.rm(one.path, { force: true });
  }
}
