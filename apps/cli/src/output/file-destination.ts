import { rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Destination, StreamWriter } from "./destination.js";
import { outputFailure } from "./output-failure.js";
import { outputPlaceOf } from "./output-place.js";

/**
 * A file that appears, or takes the place of an older one, only when it is complete: until then it has a temporary name
 * in the same folder. Devices and named pipes are written to directly.
 * @throws {Failure} where the folder cannot be written to.
 */
export async function fileDestination(path: string, signal: AbortSignal): Promise<Destination> {
  const place = await outputPlaceOf(path, []);
  const isRegular = place.kind === "file";
  const target = isRegular ? place.files.target : path;
  const written = isRegular ? join(dirname(target), `.${basename(target)}.${process.pid}.partial`) : target;
  const file = await open(written, "w").catch((error: unknown) => {
    throw outputFailure(path, error);
  });
  // Also for the ends that no code below sees: a second Ctrl-C, a bug.
  const removeNow = (): void => {
    if (isRegular) rmSync(written, { force: true });
  };
  process.on("exit", removeNow);
  const writer = new StreamWriter(file.createWriteStream({ autoClose: false, highWaterMark: 2 ** 18 }), path, signal);
  let isComplete = false;
  return {
    write: (chunk) => writer.write(chunk),
    async complete() {
      await writer.flush();
      try {
        if (isRegular) await file.sync();
        signal.throwIfAborted();
        if (isRegular) await rename(written, target);
      } catch (error) {
        signal.throwIfAborted();
        throw outputFailure(path, error);
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
