import { rm } from "node:fs/promises";
import { StateError } from "./forms/vector-encoder.js";
import { removeJournal } from "./journal.js";
import { type Lock, takeLock } from "./lock.js";
import { outputFailure } from "./output-failure.js";
import { describeForm, type OutputForm } from "./output-form.js";
import { type OutputOrder, openRowWriter } from "./output-order.js";
import type { OutputPlace, RunFiles } from "./output-place.js";
import { PartialFile } from "./partial-file.js";
import { writeQuantisedFile } from "./quantised-output.js";
import { ResumableOutput } from "./resumable-output.js";
import { compareIdentity, damagedRun, unfinishedRun } from "./unfinished-run.js";
import type { VectorJob, VectorOutput } from "./vector-output.js";

/**
 * Opens an output that is a file: anew, or where an unfinished run stopped.
 * @throws {Failure} where another process writes it, or what is to be resumed is damaged or was of something else.
 */
export async function openResumableOutput(
  { path, files }: Extract<OutputPlace, { kind: "file" }>,
  order: OutputOrder,
): Promise<VectorOutput> {
  let lock: Lock | undefined;
  try {
    lock = await takeLock(files.lock, path);
    return await openLocked(path, files, { ...order, lock });
  } catch (error) {
    lock?.[Symbol.dispose]();
    throw error instanceof StateError ? damagedRun(path) : outputFailure(path, error);
  }
}

async function openLocked(
  name: string,
  files: RunFiles,
  order: OutputOrder & { readonly lock: Lock },
): Promise<VectorOutput> {
  const { form, job, limits, resume, quiet, signal, lock } = order;
  const identity = async () => ({ ...identityOf(form, job), ...(await job.identity()) });
  const resumed = resume ? await unfinishedRun(name, files) : undefined;
  if (resumed) compareIdentity(name, resumed.identity, await identity());
  const { codec, encoder, isSpool } = await openRowWriter(order, resumed);
  const headerLength = encoder.header?.(0).length ?? 0;
  const partial = resumed
    ? await PartialFile.reopen(files.partial, headerLength, resumed)
    : await newPartialFile(files, headerLength);
  if (!partial) throw damagedRun(name);
  if (!resumed) await partial.append(encoder.start());
  const finalise = isSpool ? (spool: PartialFile, path: string) => writeQuantisedFile(spool, order, path) : undefined;
  const { checkpointEvery } = limits;
  const parts = { codec, encoder, partial, finalise, identity, resumed, checkpointEvery };
  return new ResumableOutput({ name, files, lock, quiet, signal, ...parts });
}

/** What the bytes depend on by the form alone. */
function identityOf(form: OutputForm, { columns, width }: VectorJob): Record<string, string> {
  const kept = columns.map(({ name, type }) => `${JSON.stringify(name)} (${type})`).join(", ");
  return { output: describeForm(form), "kept columns": kept || "none", width: String(width) };
}

async function newPartialFile(files: RunFiles, headerLength: number): Promise<PartialFile> {
  // The journal goes first: it is not to speak of a file that is another by now.
  await removeJournal(files.journal);
  await rm(files.final, { force: true });
  return await PartialFile.create(files.partial, headerLength);
}
