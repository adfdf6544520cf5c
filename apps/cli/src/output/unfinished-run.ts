import { stat } from "node:fs/promises";
import { codeOf, Failure } from "../failure.js";
import { type Journal, readJournal } from "./journal.js";
import type { RunFiles } from "./output-place.js";

/**
 * What an interrupted run has left at that place; undefined where nothing is worth going on with.
 * @throws {Failure} where its journal is damaged.
 */
export async function unfinishedRun(name: string, files: RunFiles): Promise<Journal | undefined> {
  const journal = await readJournal(files.journal);
  // Killed after it had given the file its name, a run has left a journal and nothing to do.
  if (journal === undefined || !(await exists(files.partial))) return undefined;
  if (journal === "damaged") throw damagedRun(name);
  return journal;
}

/** The failure for files of an unfinished run that don't fit each other. */
export function damagedRun(name: string): Failure {
  const problem = "what the unfinished run has left is damaged, or of another version of bertkit";
  return new Failure(`${name}: ${problem}`, { hint: "begin anew with --restart" });
}

/** @throws {Failure} that lists what differs, where the unfinished run was of something else than this one. */
export function compareIdentity(
  name: string,
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): void {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const differing = names.filter((key) => was[key] !== is[key]);
  if (differing.length === 0) return;
  const changes = differing.map((key) => `${key}: ${was[key] ?? "none"} → ${is[key] ?? "none"}`).join("; ");
  throw new Failure(`${name}: the unfinished run was of something else (${changes})`, {
    hint: "give the command that it was started with, or begin anew with --restart",
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
