import type { CommonFlags } from "../flags.js";
import type { ProgressDisplay } from "./progress-bar.js";
import { showsProgress } from "./shows-progress.js";

/** How far the reading of texts is, for a person who watches. */
export async function progressDisplay(
  extent: number | undefined,
  flags: CommonFlags,
): Promise<ProgressDisplay | undefined> {
  return showsProgress(flags) ? (await import("./progress-bar.js")).progressBar(extent) : undefined;
}
