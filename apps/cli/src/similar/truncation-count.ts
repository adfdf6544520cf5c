import type { EncodeProgress } from "bertkit";
import { warn } from "../terminal/notices.js";

/** Counts the texts that were cut, to say so in the end. */
export class TruncationCount {
  #progress: EncodeProgress = { texts: 0, tokens: 0, truncated: 0 };

  note(progress: EncodeProgress): void {
    this.#progress = progress;
  }

  warn(maxLength: number): void {
    const { texts, truncated } = this.#progress;
    if (truncated === 0) return;
    const cut = `${truncated} of ${texts} texts were cut to ${maxLength} tokens`;
    warn(`${cut}; --max-length sets another limit, up to the model's positions (bertkit info)`);
  }
}
