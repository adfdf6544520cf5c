import { usageFailure } from "../failure.js";
import { checkUnfinished, type ResumeFlags } from "./check-unfinished.js";
import { openDirectOutput } from "./open-direct-output.js";
import { openResumableOutput } from "./open-resumable-output.js";
import { hasPlaceForColumns, type OutputForm, type OutputFormFlags, outputFormOf } from "./output-form.js";
import { type OutputPlace, outputPlaceOf } from "./output-place.js";
import { type OutputLimits, outputLimits, type VectorJob, type VectorOutput } from "./vector-output.js";

export type { VectorJob, VectorOutput } from "./vector-output.js";

/** The flags that say where vectors go, and how written. */
export interface VectorOutputFlags extends OutputFormFlags, ResumeFlags {
  readonly quiet?: boolean;
}

/** What flags say about an output, found possible. */
export interface VectorOutputPlan {
  readonly form: OutputForm;
  /** Whether vectors appear on the screen. */
  readonly onTerminal: boolean;
  /** @throws {Failure} where an unfinished run was of something else, or its files are damaged. */
  open(job: VectorJob, signal: AbortSignal): Promise<VectorOutput>;
}

/** What else the output has to fit. */
export interface VectorOutputSource {
  /** Files that are read, none of which may be written. */
  readonly inputs: readonly string[];
  /** Whether columns are kept. */
  readonly keeps: boolean;
}

/**
 * Checks everything about an output that takes no time.
 * @throws {Failure} where the flags don't fit together, the place cannot be written, or an unfinished run is there that no
 * flag says what to do with.
 */
export async function planVectorOutput(
  flags: VectorOutputFlags,
  { inputs, keeps }: VectorOutputSource,
  limits: OutputLimits = outputLimits,
): Promise<VectorOutputPlan> {
  const form = outputFormOf(flags);
  if (keeps && !hasPlaceForColumns(form.name)) {
    throw usageFailure(`${form.name} has no place for kept columns`, "write .jsonl, .csv or .parquet");
  }
  if (flags.resume && flags.restart)
    throw usageFailure("--resume and --restart exclude each other", "give the one that you mean");
  const place = await outputPlaceOf(flags.output ?? "-", inputs);
  const onTerminal = place.kind === "standard" && process.stdout.isTTY === true;
  if (place.kind === "file") await checkUnfinished(place, flags);
  else checkStream(place, form, { onTerminal, flags });
  return {
    form,
    onTerminal,
    open: async (job, signal) => {
      checkNames(job, form);
      const order = { form, job, limits, resume: flags.resume === true, quiet: flags.quiet === true, signal };
      return place.kind === "file" ? await openResumableOutput(place, order) : await openDirectOutput(place, order);
    },
  };
}

type StreamPlace = Exclude<OutputPlace, { kind: "file" }>;

function checkStream(
  place: StreamPlace,
  { name }: OutputForm,
  { onTerminal, flags }: { onTerminal: boolean; flags: VectorOutputFlags },
): void {
  const to = place.kind === "standard" ? "standard output" : place.path;
  if (name === "npy") {
    const reason = "an .npy file begins with its number of rows, which is known last";
    throw usageFailure(`npy cannot go to ${to}, since ${reason}`, "write a file: --output vectors.npy");
  }
  if (onTerminal && (name === "raw" || name === "parquet")) {
    throw usageFailure(`${name} is not for a terminal's eyes`, "send it to a pipe, or to a file with --output");
  }
  if (flags.resume) throw usageFailure(`${to} cannot be resumed`, "write a file: --output vectors.npy");
}

function checkNames({ columns }: VectorJob, { name: form }: OutputForm): void {
  for (const [at, { name }] of columns.entries()) {
    const isOurs = name === "text" || name === "vector";
    if (!isOurs && columns.findIndex((column) => column.name === name) === at) continue;
    const problem = isOurs ? `a kept column is named ${name}, as is one of ours` : `two kept columns are named ${name}`;
    throw usageFailure(`${form} needs different names: ${problem}`, "name other columns in --keep");
  }
}
