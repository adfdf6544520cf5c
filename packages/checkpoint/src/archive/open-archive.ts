import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, reasonOf } from "../checkpoint-error.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import { type ReadFileOptions, recognise } from "../formats.js";
import { type Member, memberPlace } from "../member-place.js";
import { openFolder, openIfThere } from "../open-folder.js";
import { type OpenCheckpointOptions, type OpenFrom, placeOf } from "../open-place.js";
import type { Place } from "../place.js";
import { checkedPath, topFolder } from "./member-names.js";

/** An archive of files: a model's release, as it was downloaded. Nothing in it is unpacked to a disk. */
export interface Archive {
  /** What error messages call it. */
  readonly label: string;
  /** The paths of its files, without the top folder where all are in one. */
  readonly names: readonly string[];
  /**
   * The text of a file, or undefined where there is none of that name.
   *
   * @throws CheckpointError `malformed` where it is not UTF-8, `limit` for more than 64 MiB.
   */
  readText(name: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * The checkpoint in the archive, or in a folder of it, found as in any folder. Close it before the archive.
   *
   * @throws CheckpointError as {@link openCheckpoint} does.
   */
  openCheckpoint(folder?: string, signal?: AbortSignal): Promise<CheckpointSource>;
  /** Gives the file back. What was opened in the archive can no longer be read. */
  close(): Promise<void>;
  /** The same as {@link Archive.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const longestText = 64 * 2 ** 20;

/** Whether a file is an archive that {@link openArchive} may open, by its name: `.zip`, `.tar`, `.tar.gz`, `.tgz`. */
export function isArchive(fileName: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz)$/i.test(fileName);
}

/**
 * Opens an archive of files. Of a zip archive the directory is read, and a file when it is asked for; a tar archive is
 * read and kept in memory, at most `unpackLimit` bytes.
 *
 * @throws CheckpointError `malformed` for paths that lead out of the archive and for what is no archive, `unsupported`
 * for links, devices and encrypted files, `limit` for what unpacks to more than is allowed.
 */
export async function openArchive(from: OpenFrom, options: OpenCheckpointOptions = {}): Promise<Archive> {
  const { signal } = options;
  signal?.throwIfAborted();
  const place = placeOf(from, options);
  const bytes = await place.open(signal);
  const contents = await recognise(bytes, place.fileName, options);
  if (contents.kind === "archive") return archiveOf(bytes, contents.members, options);
  await bytes.close();
  throw new CheckpointError("malformed", `${bytes.label} is a checkpoint, not an archive; use openCheckpoint`);
}

/** The checkpoint in an archive, which is closed with it, or when opening fails. */
export async function checkpointInArchive(
  bytes: ByteSource,
  members: ReadonlyMap<string, Member>,
  options: ReadFileOptions,
): Promise<CheckpointSource> {
  const archive = archiveOf(bytes, members, options);
  try {
    const source = await archive.openCheckpoint("", options.signal);
    const close = async () => {
      await source.close();
      await archive.close();
    };
    return { ...source, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

function archiveOf(bytes: ByteSource, members: ReadonlyMap<string, Member>, options: ReadFileOptions): Archive {
  const { label } = bytes;
  const top = topFolder(members.keys());
  const placeAt = (name: string) => memberPlace(label, members, checkedPath(top + name, label));
  const close = () => bytes.close();
  return {
    label,
    names: [...members.keys()].map((path) => path.slice(top.length)),
    async readText(name, signal) {
      const file = await openIfThere(placeAt(name), signal);
      return file && readText(file, signal);
    },
    async openCheckpoint(folder = "", signal) {
      return openFolder(folderAt(label, members, top + folder), { ...options, signal });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function folderAt(label: string, members: ReadonlyMap<string, Member>, name: string): Place {
  const path = name.replace(/\/+$/, "");
  return memberPlace(label, members, path === "" ? "" : checkedPath(path, label));
}

async function readText(bytes: ByteSource, signal: AbortSignal | undefined): Promise<string> {
  const { label, size } = bytes;
  try {
    if (size > longestText) {
      throw new CheckpointError("limit", `${label} has ${size} bytes, where texts of ${longestText} are read`);
    }
    const content = new Uint8Array(size);
    await bytes.read(0, content, signal);
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError("malformed", `${label} is not UTF-8: ${reasonOf(error)}`, { cause: error });
  } finally {
    await bytes.close();
  }
}
