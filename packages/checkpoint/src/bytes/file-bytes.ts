import { CheckpointError, reasonOf } from "../checkpoint-error.js";
import type { ByteSource } from "./byte-source.js";
import { fileSystem } from "./file-system.js";

// One read(2) moves at most 2 GiB; pieces also let a signal be seen.
const pieceSize = 64 * 2 ** 20;

/**
 * The bytes of a regular file. Node only.
 *
 * @throws CheckpointError `missing` where there is no such file, `io` where it cannot be opened.
 */
export async function fileBytes(path: string): Promise<ByteSource> {
  const files = fileSystem(path);
  try {
    // Before opening: to open a pipe that nobody writes to would wait for ever.
    if (!(await files.stat(path)).isFile()) throw new CheckpointError("argument", `${path} is not a file`);
  } catch (error) {
    throw asCheckpointError(error, path);
  }
  const handle = await files.open(path, "r").catch((error: unknown) => {
    throw asCheckpointError(error, path);
  });
  let open = true;
  try {
    const { size } = await handle.stat();
    return {
      label: path,
      size,
      async read(from, into, signal) {
        for (let done = 0; done < into.length; ) {
          signal?.throwIfAborted();
          if (!open) throw new CheckpointError("closed", `${path} has been closed`);
          const length = Math.min(into.length - done, pieceSize);
          const { bytesRead } = await handle.read(into, done, length, from + done).catch((error: unknown) => {
            throw asCheckpointError(error, path);
          });
          if (bytesRead === 0) {
            throw new CheckpointError("truncated", `${path} ends at byte ${from + done}, but had ${size} when opened`);
          }
          done += bytesRead;
        }
      },
      async close() {
        if (!open) return;
        open = false;
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw asCheckpointError(error, path);
  }
}

/** What the system says of a path, as an error of this package. */
export function asCheckpointError(error: unknown, path: string): CheckpointError {
  if (error instanceof CheckpointError) return error;
  // Not `instanceof Error`: errors may come from another realm than this module.
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new CheckpointError("missing", `there is no file or folder ${path}`, { cause: error });
  }
  return new CheckpointError("io", `${path}: ${reasonOf(error)}`, { cause: error });
}
