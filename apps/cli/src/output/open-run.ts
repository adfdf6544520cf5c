import { rm } from "node:fs/promises";
import { type RowEncoder, StateError } from "./forms/vector-encoder.js";
import { type Journal, removeJournal } from "./journal.js";
import { type Lock, takeLock } from "./lock.js";
import { outputFailure } from "./output-failure.js";
import type { FilePlace, RunFiles } from "./output-place.js";
import { PartialFile } from "./partial-file.js";
import { ResumableOutput } from "./resumable-output.js";
import { compareIdentity, damagedRun, unfinishedRun } from "./unfinished-run.js";
import { outputLimits } from "./vector-output.js";

/** How rows are kept until all are there, and what the file is made of them. */
export interface RunForm<Value> {
  readonly encoder: RowEncoder<Value>;
  /** Makes the file of what the rows became, where they are not the file. */
  readonly finalise?: ((rows: PartialFile, path: string) => Promise<void>) | undefined;
}

/** A run that is to write a file. */
export interface Run<Value> {
  /**
   * Opens what rows are written with.
   * @throws {StateError} where the interrupted run cannot be gone on with.
   */
  readonly open: (resumed: Journal | undefined) => Promise<RunForm<Value>>;
  /** What the result depends on besides the rows, name → value. */
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
  /** As of `OutputLimits`. */
  readonly checkpointEvery?: number;
}

/** The flags that a run is opened with. */
export interface RunFlags {
  readonly resume?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/**
 * Opens an output that is a file: anew, or where an unfinished run stopped.
 * @throws {Failure} where another process writes it, or what is to be resumed is damaged or was of something else.
 */
export async function openRun<Value>(
  { path, files }: FilePlace,
  run: Run<Value>,
  flags: RunFlags,
  signal: AbortSignal,
): Promise<ResumableOutput<Value>> {
  let lock: Lock | undefined;
  try {
    lock = await takeLock(files.lock, path);
    return await openLocked(path, files, { ...run, flags, signal, lock });
  } catch (error) {
    lock?.[Symbol.dispose]();
    throw error instanceof StateError ? damagedRun(path) : outputFailure(path, error);
  }
}

interface LockedRun<Value> extends Run<Value> {
  readonly flags: RunFlags;
  readonly signal: AbortSignal;
  readonly lock: Lock;
}

async function openLocked<Value>(
  name: string,
  files: RunFiles,
  run: LockedRun<Value>,
): Promise<ResumableOutput<Value>> {
  const { open, identity, checkpointEvery = outputLimits.checkpointEvery, flags, signal, lock } = run;
  const resumed = flags.resume ? await unfinishedRun(name, files) : undefined;
  if (resumed) compareIdentity(name, resumed.identity, await identity());
  const { encoder, finalise } = await open(resumed);
  const headerLength = encoder.header?.(0).length ?? 0;
  const partial = resumed
    ? await PartialFile.reopen(files.partial, headerLength, resumed)
    : await newPartialFile(files, headerLength);
  if (!partial) throw damagedRun(name);
  if (!resumed) await partial.append(encoder.start());
  const quiet = flags.quiet === true;
  const parts = { partial, encoder, finalise, identity, resumed, checkpointEvery };
  return new ResumableOutput({ name, files, lock, quiet, signal, ...parts });
}

async function newPartialFile(files: RunFiles, headerLength: number): Promise<PartialFile> {
  // The journal goes first: it is not to speak of a file that is another by now.
  await removeJournal(files.journal);
  await rm(files.final, { force: true });
  return await PartialFile.create(files.partial, headerLength);
}
