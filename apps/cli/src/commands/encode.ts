import type { EncodeProgress, PoolingMode, SentenceEncoder } from "bertkit";
import type { CommonFlags, ComputeFlags } from "../flags.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { modelOf } from "../model-flag.js";
import { planVectorOutput, type VectorOutput, type VectorOutputFlags } from "../output/open-vector-output.js";
import type { RowSource } from "../rows/row.js";
import { withVectors } from "../rows/with-vectors.js";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { note, warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { runStatistics } from "../terminal/run-statistics.js";
import { version } from "../version.js";

/** The flags of `bertkit encode`. */
export interface EncodeFlags extends CommonFlags, ComputeFlags, InputFlags, VectorOutputFlags {
  readonly pooling?: PoolingMode;
  readonly normalize?: boolean;
  readonly dimensions?: number;
  readonly prompt?: string;
  readonly promptName?: string;
  readonly stats?: true;
}

/** Writes the vector of each text, in their order, holding no more texts in memory than are being encoded. */
export async function encode(texts: readonly string[], flags: EncodeFlags, signal: AbortSignal): Promise<void> {
  const statistics = runStatistics();
  // What takes no time fails first: input and output are looked at before the model is loaded.
  const source = await openRows(texts, flags, signal);
  const keeps = flags.keep !== undefined || flags.id !== undefined;
  const plan = await planVectorOutput(flags, { inputs: source.files, keeps });
  const model = await modelOf(flags);
  using encoder = await openEncoder(model, flags, signal);
  const { width } = encoder;
  const identity = () => identityOf(model, encoder, flags);
  await using output = await plan.open({ columns: await source.columns(), width, identity }, signal);
  if (output.resumedRows > 0 && !flags.quiet) {
    note(`going on after ${output.resumedRows.toLocaleString("en")} rows of an interrupted run`);
  }

  const rows = await writeVectors(encoder, { source, output, onTerminal: plan.onTerminal, flags, signal });
  await output.complete();

  const { tokens, truncated } = output.tally;
  if (flags.stats)
    process.stderr.write(statistics.text({ rows, resumed: output.resumedRows, tokens }, flags.json === true));
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts({ inputs: rows, truncated, noun: "texts" }, lengthLimitOf(encoder));
}

async function openEncoder(model: string, flags: EncodeFlags, signal: AbortSignal): Promise<SentenceEncoder> {
  const { loadSentenceEncoder } = await import("bertkit");
  const { device, threads, precision, pooling, normalize, dimensions, maxLength } = flags;
  await using download = new DownloadDisplay(flags);
  const encoder = await loadSentenceEncoder(model, {
    ...download.options,
    device,
    threads,
    // This process is ours, and nothing else in it compiles WebAssembly; BERTKIT_WIDE=0 forbids it.
    wide: true,
    precision,
    pooling,
    normalize,
    dimensions,
    maxLength,
    signal,
  });
  if (flags.verbose)
    note(`${model} on ${encoder.device}, vectors of ${encoder.width}, texts of up to ${encoder.maxLength} tokens`);
  return encoder;
}

/** What the vectors depend on besides the texts. */
async function identityOf(
  model: string,
  { device, maxLength, width }: SentenceEncoder,
  flags: EncodeFlags,
): Promise<Record<string, string>> {
  const { fingerprintModel } = await import("bertkit");
  const { precision, pooling, normalize, prompt, promptName } = flags;
  const options = { precision, pooling, normalize, prompt, promptName };
  return {
    bertkit: version(),
    model: await fingerprintModel(model, { offline: true }),
    device: withoutThreads(device),
    "maximum length": String(maxLength),
    dimensions: String(width),
    ...Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, String(value ?? "as the model states")]),
    ),
  };
}

/** A device's name without its number of threads, on which no vector depends. */
const withoutThreads = (device: string): string => device.replace(/ \(\d+ threads?\)|, \d+ threads?/, "");

interface Task {
  readonly source: RowSource;
  readonly output: VectorOutput;
  /** Whether vectors appear on the screen. */
  readonly onTerminal: boolean;
  readonly flags: EncodeFlags;
  readonly signal: AbortSignal;
}

/** How many rows the output has in the end. */
async function writeVectors(
  encoder: SentenceEncoder,
  { source, output, onTerminal, flags, signal }: Task,
): Promise<number> {
  using display = onTerminal ? undefined : await progressDisplay(source.extent, flags);
  const before = { ...output.tally };
  const { batchTokens, prompt, promptName } = flags;
  const onProgress = ({ tokens, truncated }: EncodeProgress): void => {
    output.tally.tokens = before.tokens + tokens;
    output.tally.truncated = before.truncated + truncated;
  };
  let rows = output.resumedRows;
  const options = { batchTokens, prompt, promptName, signal, onProgress };
  for await (const { row, vector } of withVectors(output.remaining(source.rows), encoder, options)) {
    await output.write(row, vector);
    rows++;
    display?.update({ texts: rows - output.resumedRows, position: row.position });
  }
  return rows;
}
