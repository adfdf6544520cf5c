import type { ElementCodec } from "./elements.js";
import { needsRanges, openCodec } from "./elements.js";
import { openEncoder } from "./forms/open-encoder.js";
import type { EncoderResumption, VectorEncoder } from "./forms/vector-encoder.js";
import { hasPlaceForColumns, type OutputForm } from "./output-form.js";
import { spoolEncoder } from "./spool.js";
import type { OutputLimits, VectorJob } from "./vector-output.js";

/** All that opening an output needs to know but the place. */
export interface OutputOrder {
  readonly form: OutputForm;
  readonly job: VectorJob;
  readonly limits: OutputLimits;
  readonly resume: boolean;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** How rows are written as they come. */
export interface RowWriter {
  readonly codec: ElementCodec;
  readonly encoder: VectorEncoder;
  /** Whether it makes a spool, which becomes the output when all rows are there. */
  readonly isSpool: boolean;
}

/**
 * Opens what rows are written with.
 * @throws {StateError} where an interrupted run cannot be gone on with.
 */
export async function openRowWriter(
  { form, job: { columns, width }, limits }: OutputOrder,
  resumption?: EncoderResumption,
): Promise<RowWriter> {
  const codec = await openCodec(form.type, width);
  if (!needsRanges(form.type)) {
    const encoder = await openEncoder(form, codec, { columns, limits, resumption });
    return { codec, encoder, isSpool: false };
  }
  const { check } = await openEncoder(form, codec, { columns, limits });
  const encoder = spoolEncoder({ keepsRows: hasPlaceForColumns(form.name), check });
  return { codec: await openCodec("float32", width), encoder, isSpool: true };
}
