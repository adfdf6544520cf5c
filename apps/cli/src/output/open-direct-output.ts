import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Destination, standardOutput } from "./destination.js";
import { DirectOutput } from "./direct-output.js";
import { fileDestination } from "./file-destination.js";
import { outputFailure } from "./output-failure.js";
import { type OutputOrder, openRowWriter } from "./output-order.js";
import type { OutputPlace } from "./output-place.js";
import { PartialFile } from "./partial-file.js";
import { writeQuantised } from "./quantised-output.js";
import type { VectorOutput } from "./vector-output.js";

/** Opens an output that others read while it is written. */
export async function openDirectOutput(
  place: Exclude<OutputPlace, { kind: "file" }>,
  order: OutputOrder,
): Promise<VectorOutput> {
  const { codec, encoder, isSpool } = await openRowWriter(order);
  const { signal } = order;
  const stream = place.kind === "standard" ? standardOutput(signal) : await fileDestination(place.path, signal);
  const destination = isSpool ? await spooled(stream, order) : stream;
  await destination.write(encoder.start());
  return new DirectOutput(destination, encoder, codec);
}

/** Takes a spool into the temporary folder, and writes what becomes of it when it is complete. */
async function spooled(destination: Destination, order: OutputOrder): Promise<Destination> {
  const folder = await mkdtemp(join(tmpdir(), "bertkit-")).catch(refuse);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const spool = await PartialFile.create(join(folder, "spool"), 0).catch(refuse);
  return {
    write: (chunk) => spool.append(Buffer.from(chunk)).catch(refuse),
    async complete() {
      await writeQuantised(spool, order, (bytes) => destination.write(bytes));
      await destination.complete();
    },
    async [Symbol.asyncDispose]() {
      await spool[Symbol.asyncDispose]();
      process.off("exit", remove);
      remove();
      await destination[Symbol.asyncDispose]();
    },
  };
}

function refuse(error: unknown): never {
  throw outputFailure(tmpdir(), error);
}
