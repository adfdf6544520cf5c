import type { Destination } from "./destination.js";
import { compressedEncoder } from "./forms/blocks.js";
import { noBytes, type VectorEncoder } from "./forms/vector-encoder.js";
import { openDestination } from "./open-destination.js";
import type { Compression } from "./output-form.js";
import { outputLimits } from "./vector-output.js";

/** Where lines go; as of `Destination`. */
export interface LineOutput extends AsyncDisposable {
  /** Each with its end. */
  write(lines: string): Promise<void>;
  complete(): Promise<void>;
}

/**
 * Opens a file of lines, which is compressed where its name ends in .gz or .zst, or, for `-`, standard output.
 * @throws {Failure} where it cannot be written to.
 */
export async function openLines(output: string, signal: AbortSignal): Promise<LineOutput> {
  const destination = await openDestination(output, signal);
  const compression = compressionOf(output);
  return compression ? await compressedLines(destination, compression) : destination;
}

function compressionOf(output: string): Compression | undefined {
  if (/\.gz$/i.test(output)) return "gzip";
  return /\.zst$/i.test(output) ? "zstd" : undefined;
}

async function compressedLines(destination: Destination, compression: Compression): Promise<LineOutput> {
  const blocks = await compressedEncoder(plainLines, compression, { columns: [], limits: outputLimits });
  return {
    async write(lines) {
      const block = blocks.append({ text: lines, cells: [], place: "" }, noBytes);
      if (block) await destination.write(block);
    },
    async complete() {
      await destination.write(blocks.finish());
      await destination.complete();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(destination[Symbol.asyncDispose]()),
  };
}

/** Rows that are nothing but their text. */
const plainLines: VectorEncoder = {
  start: () => noBytes,
  append: ({ text }) => Buffer.from(text),
  finish: () => noBytes,
  state: () => undefined,
};
