import { Failure } from "../failure.js";
import { checkHolder } from "./lock.js";
import type { FilePlace } from "./output-place.js";
import { rowCount } from "./row-count.js";
import { unfinishedRun } from "./unfinished-run.js";

/** The flags that say what becomes of an unfinished run. */
export interface ResumeFlags {
  readonly resume?: true;
  readonly restart?: true;
}

/** @throws {Failure} where another process writes there, or an unfinished run is there that no flag says what to do with. */
export async function checkUnfinished({ path, files }: FilePlace, { resume, restart }: ResumeFlags): Promise<void> {
  await checkHolder(files.lock, path);
  if (restart) return;
  const journal = await unfinishedRun(path, files);
  if (journal === undefined || resume) return;
  throw new Failure(`${path}: an unfinished run has left ${rowCount(journal.rows)}`, {
    hint: "go on with it by --resume, or throw them away by --restart",
  });
}
