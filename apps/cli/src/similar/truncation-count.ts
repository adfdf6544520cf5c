import type { EncodeProgress } from "bertkit";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";

/** Counts the texts that were cut, to say so in the end. */
export class TruncationCount {
  #progress: EncodeProgress = { texts: 0, tokens: 0, truncated: 0 };

  note(progress: EncodeProgress): void {
    this.#progress = progress;
  }

  warn(maxLength: number): void {
    const { texts, truncated } = this.#progress;
    warnOfCuts({ inputs: texts, truncated, noun: "texts" }, lengthLimitOf({ maxLength }));
  }
}
