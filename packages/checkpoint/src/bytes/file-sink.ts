import { CheckpointError, reasonOf } from "../checkpoint-error.js";
import { asCheckpointError } from "./file-bytes.js";
import { fileSystem } from "./file-system.js";

/** Where bytes go, in order. */
export interface ByteSink {
  /** Takes the next bytes. Their memory is used again once the promise is settled: who keeps them copies them. */
  write(bytes: Uint8Array): void | Promise<void>;
}

/**
 * Writes a file under a temporary name beside `path` and renames it when complete: whoever reads `path` sees the old
 * file or the new one, never half of one. When `body` fails, nothing is left behind. Node only.
 */
export async function writeWholeFile(path: string, body: (sink: ByteSink) => Promise<void>): Promise<void> {
  const files = fileSystem(path);
  const random = crypto.getRandomValues(new Uint32Array(2)).join("");
  const temporary = `${path}.${random}.partial`;
  const handle = await files.open(temporary, "wx").catch((error: unknown) => {
    throw asCheckpointError(error, path);
  });
  let complete = false;
  try {
    await body({
      async write(bytes) {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done).catch((error: unknown) => {
            throw cannotWrite(path, error);
          });
          done += bytesWritten;
        }
      },
    });
    await handle.sync();
    complete = true;
  } finally {
    await handle.close();
    if (!complete) await files.rm(temporary, { force: true });
  }
  try {
    await files.rename(temporary, path);
  } catch (error) {
    await files.rm(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, error: unknown): CheckpointError {
  return new CheckpointError("io", `${path} cannot be written: ${reasonOf(error)}`, { cause: error });
}
