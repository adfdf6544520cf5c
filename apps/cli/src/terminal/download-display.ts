import type { DownloadOptions, DownloadPlan, DownloadProgress, DownloadRetry } from "bertkit";
import type { CommonFlags, ModelFlags } from "../flags.js";
import type { LiveLine } from "./live-line.js";
import { note } from "./notices.js";
import { bytes } from "./show-bytes.js";
import { showsProgress } from "./shows-progress.js";

/** Says what is fetched from the hub, how large it is and where it goes, and shows how far it is, until disposed of. */
export class DownloadDisplay implements AsyncDisposable {
  /** What to load a model with. */
  readonly options: Pick<DownloadOptions, "offline" | "onDownload" | "onProgress" | "onRetry">;
  #line: Promise<LiveLine<DownloadProgress>> | undefined;

  constructor(flags: CommonFlags & ModelFlags) {
    this.options = {
      offline: flags.offline,
      onDownload: (plan) => {
        if (!flags.quiet) note(announcement(plan));
        if (showsProgress(flags)) this.#line = downloadLine();
      },
      onRetry: (retry) => {
        if (!flags.quiet) void this.#interrupt(retryText(retry));
      },
      onProgress: (progress) => void this.#line?.then((line) => line.update(progress)),
    };
  }

  /** A sentence above the line, which starts anew. */
  async #interrupt(sentence: string): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    (await line)?.[Symbol.dispose]();
    note(sentence);
    if (line) this.#line = downloadLine();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const line = await this.#line;
    line?.[Symbol.dispose]();
    this.#line = undefined;
  }
}

function announcement({ name, revision, bytes: size, endpoint, place, damaged }: DownloadPlan): string {
  const model = revision === "main" ? name : `${name}@${revision}`;
  const again = damaged.length > 0 ? ` again, since its bytes in the cache had changed (${damaged.join(", ")})` : "";
  return `fetching ${model}${again}: ${bytes(size)} from ${new URL(endpoint).host} to ${place}`;
}

function retryText({ failure, wait, attempt, attempts }: DownloadRetry): string {
  return `${failure.message}; try ${attempt} of ${attempts} in ${(wait / 1000).toFixed(wait < 10_000 ? 1 : 0)} s`;
}

async function downloadLine(): Promise<LiveLine<DownloadProgress>> {
  const { clock, liveLine, shareBar } = await import("./live-line.js");
  let start: number | undefined; // an earlier attempt may have brought some
  return liveLine(({ bytes: done, total }, seconds) => {
    start ??= done;
    const rate = (done - start) / seconds;
    const left = rate > 0 ? `, ${clock((total - done) / rate)} left` : "";
    const share = total > 0 ? done / total : 1;
    return `${shareBar(share)}  ${bytes(done)} of ${bytes(total)}, ${bytes(Math.round(rate))} a second${left}`;
  });
}
