import { rmSync } from "node:fs";
import { type FileHandle, open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, Failure, systemFailure } from "../failure.js";
import { type Destination, StreamWriter } from "./destination.js";

/**
 * A file that appears, or takes the place of an older one, only when it is complete: until then it has a temporary name
 * in the same folder. Devices and named pipes are written to directly.
 * @throws {Failure} where the folder cannot be written to.
 */
export async function fileDestination(path: string, signal: AbortSignal): Promise<Destination> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) throw new Failure(`${path}: this is a folder; name the file to write`);
  const isRegular = status === undefined || status.isFile();
  const target = isRegular && status ? await realpath(path) : path; // through a link, which stays
  const written = isRegular ? join(dirname(target), `.${basename(target)}.${process.pid}.partial`) : target;
  const file = await open(written, "w").catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw systemFailure(path, error);
    throw new Failure(`${path}: there is no folder ${dirname(target)} to write it in`);
  });
  // Also for the ends that no code below sees: a second Ctrl-C, a bug.
  const removeNow = (): void => {
    if (isRegular) rmSync(written, { force: true });
  };
  process.on("exit", removeNow);
  const writer = new StreamWriter(file.createWriteStream({ autoClose: false, highWaterMark: 2 ** 18 }), path, signal);
  let isComplete = false;
  return {
    canRewriteStart: isRegular,
    write: (chunk) => writer.write(chunk),
    async complete(start) {
      await writer.flush();
      try {
        if (start) await writeStart(file, start);
        if (isRegular) await file.sync();
        signal.throwIfAborted();
        if (isRegular) await rename(written, target);
      } catch (error) {
        signal.throwIfAborted();
        throw systemFailure(path, error);
      }
      isComplete = true;
      process.off("exit", removeNow);
    },
    async [Symbol.asyncDispose]() {
      writer.stream.destroy();
      await file.close().catch(() => {}); // what it could report would have come from sync
      if (isComplete) return;
      process.off("exit", removeNow);
      removeNow();
    },
  };
}

async function writeStart(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
  }
}
