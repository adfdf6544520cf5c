import { rm } from "node:fs/promises";
import { Failure, usageFailure } from "../failure.js";
import type { ElementCodec } from "../output/elements.js";
import type { VectorEncoder } from "../output/forms/vector-encoder.js";
import { removeJournal } from "../output/journal.js";
import { checkHolder, takeLock } from "../output/lock.js";
import { outputFailure } from "../output/output-failure.js";
import { outputPlaceOf, type RunFiles } from "../output/output-place.js";
import { PartialFile } from "../output/partial-file.js";
import { ResumableOutput } from "../output/resumable-output.js";
import { rowCount } from "../output/row-count.js";
import { compareIdentity, damagedRun, unfinishedRun } from "../output/unfinished-run.js";
import { outputLimits } from "../output/vector-output.js";
import type { EvalFlags } from "./eval-flags.js";

/** The place of a file that is made of what a model says, row after row, found possible. */
export interface RunPlan {
  /** The name by which the person knows the file. */
  readonly name: string;
  readonly files: RunFiles;
}

/** How rows are kept until all are there, and what the file is made of them. */
export interface RunForm {
  readonly encoder: VectorEncoder;
  readonly codec: ElementCodec;
  /** Writes the file from what the rows became. */
  readonly finalise: (rows: PartialFile, path: string) => Promise<void>;
  /** What the answers depend on besides the rows, name → value. */
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
}

/**
 * Checks everything about a run's file that takes no time; undefined where the flags name none.
 * @throws {Failure} where the place cannot be written, or an unfinished run is there that no flag says what to do with.
 */
export async function planRun(
  output: string | undefined,
  flags: Pick<EvalFlags, "resume" | "restart">,
  inputs: readonly string[],
): Promise<RunPlan | undefined> {
  if (output === undefined) {
    if (!flags.resume && !flags.restart) return undefined;
    throw usageFailure("--resume and --restart are about predictions that are written down", "say where to: --help");
  }
  const place = await outputPlaceOf(output, inputs);
  if (place.kind !== "file") {
    const hint = "name a file; the scores alone are printed";
    throw usageFailure(`${output}: predictions can be gone on with, so they go to a file`, hint);
  }
  const { path: name, files } = place;
  await checkHolder(files.lock, name);
  const journal = flags.restart ? undefined : await unfinishedRun(name, files);
  if (journal === undefined || flags.resume) return { name, files };
  throw new Failure(`${name}: an unfinished run has left ${rowCount(journal.rows)}`, {
    hint: "go on with it by --resume, or throw them away by --restart",
  });
}

/**
 * Opens a planned run: anew, or where an unfinished one stopped.
 * @throws {Failure} where another process writes it, or what is to be resumed is damaged or was of something else.
 */
export async function openRun(
  { name, files }: RunPlan,
  { encoder, codec, finalise, identity }: RunForm,
  flags: Pick<EvalFlags, "resume" | "quiet">,
  signal: AbortSignal,
): Promise<ResumableOutput> {
  const lock = await takeLock(files.lock, name);
  try {
    const resumed = flags.resume ? await unfinishedRun(name, files) : undefined;
    if (resumed) compareIdentity(name, resumed.identity, await identity());
    const partial = resumed ? await PartialFile.reopen(files.partial, 0, resumed) : await newPartialFile(files);
    if (!partial) throw damagedRun(name);
    const { checkpointEvery } = outputLimits;
    const run = { name, files, lock, partial, codec, encoder, finalise, identity, resumed, checkpointEvery };
    return new ResumableOutput({ ...run, quiet: flags.quiet === true, signal });
  } catch (error) {
    lock[Symbol.dispose]();
    throw outputFailure(name, error);
  }
}

async function newPartialFile(files: RunFiles): Promise<PartialFile> {
  // The journal goes first: it is not to speak of a file that is another by now.
  await removeJournal(files.journal);
  await rm(files.final, { force: true });
  return await PartialFile.create(files.partial, 0);
}
