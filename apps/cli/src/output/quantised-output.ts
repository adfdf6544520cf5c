import { Failure } from "../failure.js";
import { warn } from "../terminal/notices.js";
import { type ElementCodec, openCodec } from "./elements.js";
import { openEncoder } from "./forms/open-encoder.js";
import type { VectorEncoder } from "./forms/vector-encoder.js";
import type { OutputForm } from "./output-form.js";
import type { OutputOrder } from "./output-order.js";
import { PartialFile } from "./partial-file.js";
import { readSpool } from "./spool.js";

/** Writes the rows of a spool to a file, as elements that are steps of the range of all of them. */
export async function writeQuantisedFile(spool: PartialFile, order: OutputOrder, path: string): Promise<void> {
  const { encoder, codec, rows } = await readRanges(spool, order);
  await using file = await PartialFile.create(path, encoder.header?.(0).length ?? 0);
  await writeRows(spool, { encoder, codec, order }, (bytes) => file.append(bytes));
  await file.sync(encoder.header?.(rows));
}

/** The same for a form without header, to whoever takes the bytes in order. */
export async function writeQuantised(
  spool: PartialFile,
  order: OutputOrder,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const { encoder, codec } = await readRanges(spool, order);
  await writeRows(spool, { encoder, codec, order }, write);
}

/**
 * Reads a spool to its end and opens the encoder for what is in it.
 * @throws {Failure} where there is a single row, whose ranges are points.
 */
async function readRanges(
  spool: PartialFile,
  order: OutputOrder,
): Promise<{ encoder: VectorEncoder; codec: ElementCodec; rows: number }> {
  const { form, job, limits, signal } = order;
  const { emptyRanges, widenRanges } = await import("bertkit");
  const ranges = emptyRanges(job.width);
  let rows = 0;
  for await (const { vector } of readSpool(spool.read(), job.width)) {
    signal.throwIfAborted();
    widenRanges(ranges, vector);
    rows++;
  }
  checkRows(rows, form, order.quiet);
  const codec = await openCodec(form.type, job.width, ranges);
  return { encoder: await openEncoder(form, codec, { columns: job.columns, limits }), codec, rows };
}

async function writeRows(
  spool: PartialFile,
  { encoder, codec, order }: { encoder: VectorEncoder; codec: ElementCodec; order: OutputOrder },
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  await write(encoder.start());
  for await (const { row, vector } of readSpool(spool.read(), order.job.width)) {
    order.signal.throwIfAborted();
    const bytes = encoder.append(row, codec.convert(vector));
    if (bytes) await write(bytes);
  }
  await write(encoder.finish());
}

/** As sentence-transformers does, which warns below a hundred. */
function checkRows(rows: number, { type }: OutputForm, quiet: boolean): void {
  if (rows === 1) {
    throw new Failure(`${type} needs the range of each number over several vectors, and there is one`, {
      hint: "encode more texts in one run, or use --output-type float16",
    });
  }
  if (rows === 0 || rows >= 100 || quiet) return;
  warn(`the ranges of ${type} come from ${rows} vectors only, so other texts' numbers will not compare with these`);
}
