import { convertingEncoder, type EncoderResumption } from "./forms/vector-encoder.js";
import { openRun } from "./open-run.js";
import { describeForm, type OutputForm } from "./output-form.js";
import { type OutputOrder, openRowWriter } from "./output-order.js";
import type { FilePlace } from "./output-place.js";
import type { PartialFile } from "./partial-file.js";
import { writeQuantisedFile } from "./quantised-output.js";
import type { VectorJob, VectorOutput } from "./vector-output.js";

/** Opens a file of vectors, anew or where an unfinished run stopped; throws as `openRun`. */
export async function openResumableOutput(place: FilePlace, order: OutputOrder): Promise<VectorOutput> {
  const { form, job, limits, signal } = order;
  const run = {
    open: async (resumed?: EncoderResumption) => {
      const { codec, encoder, isSpool } = await openRowWriter(order, resumed);
      const finalise = (spool: PartialFile, path: string) => writeQuantisedFile(spool, order, path);
      return { encoder: convertingEncoder(encoder, codec), finalise: isSpool ? finalise : undefined };
    },
    identity: async () => ({ ...identityOf(form, job), ...(await job.identity()) }),
    checkpointEvery: limits.checkpointEvery,
  };
  return await openRun(place, run, order, signal);
}

/** What the bytes depend on by the form alone. */
function identityOf(form: OutputForm, { columns, width }: VectorJob): Record<string, string> {
  const kept = columns.map(({ name, type }) => `${JSON.stringify(name)} (${type})`).join(", ");
  return { output: describeForm(form), "kept columns": kept || "none", width: String(width) };
}
