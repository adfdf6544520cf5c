import { usageFailure } from "../failure.js";
import { checkUnfinished, type ResumeFlags } from "../output/check-unfinished.js";
import { type FilePlace, outputPlaceOf } from "../output/output-place.js";

/**
 * Checks everything about a run's file that takes no time; undefined where the flags name none.
 * @throws {Failure} where the place cannot be written, or an unfinished run is there that no flag says what to do with.
 */
export async function planRun(
  output: string | undefined,
  flags: ResumeFlags,
  inputs: readonly string[],
): Promise<FilePlace | undefined> {
  if (output === undefined) {
    if (!flags.resume && !flags.restart) return undefined;
    throw usageFailure("--resume and --restart are about predictions that are written down", "say where to: --help");
  }
  const place = await outputPlaceOf(output, inputs);
  if (place.kind !== "file") {
    const hint = "name a file; the scores alone are printed";
    throw usageFailure(`${output}: predictions can be gone on with, so they go to a file`, hint);
  }
  await checkUnfinished(place, flags);
  return place;
}
