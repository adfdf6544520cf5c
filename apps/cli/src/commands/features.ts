import type { TaskProgress } from "bertkit";
import { usageFailure } from "../failure.js";
import { openLines } from "../output/open-lines.js";
import { withAnswers } from "../rows/with-answers.js";
import { featurePage } from "../tasks/feature-page.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { openTaskRows, textsOf } from "../tasks/open-task-rows.js";
import type { TaskFlags } from "../tasks/task-flags.js";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";

/** The flags of `bertkit features`. */
export interface FeaturesFlags extends TaskFlags {
  /** Blocks, as Google counts them: -1 is the last. */
  readonly layers?: readonly number[];
}

/** Writes the hidden states of each text or pair, in their order, holding no more of them than are being computed. */
export async function features(texts: readonly string[], flags: FeaturesFlags, signal: AbortSignal): Promise<void> {
  const { output = "-", layers, batchTokens } = flags;
  checkName(output);
  const isPage = output === "-" && !flags.json && process.stdout.isTTY;
  const source = await openTaskRows(texts, flags, signal);
  await using lines = await openLines(output, signal);
  const { featureLine, loadFeatureExtractor } = await import("bertkit");
  using extractor = await openTaskModel(flags, signal, loadFeatureExtractor);
  using display = isPage ? undefined : await progressDisplay(source.extent, flags);
  let progress: TaskProgress = { inputs: 0, tokens: 0, truncated: 0 };
  const onProgress = (made: TaskProgress): void => {
    progress = made;
  };
  const answered = withAnswers(source.rows, (rows) =>
    extractor.extract(textsOf(rows), { layers, batchTokens, signal, onProgress }),
  );
  let index = 0;
  for await (const { row, answer } of answered) {
    const line = isPage
      ? featurePage(row.given.join(" ||| "), answer, process.stdout.columns)
      : `${featureLine(index, answer.tokens, answer.layers)}\n`;
    await lines.write(line);
    index++;
    display?.update({ texts: index, position: row.position });
  }
  await lines.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts(progress, lengthLimitOf(extractor));
}

function checkName(output: string): void {
  if (output === "-" || /\.(jsonl|ndjson)(\.gz|\.zst)?$/i.test(output)) return;
  throw usageFailure(
    `${output}: features are written as JSON lines`,
    'name it .jsonl, .jsonl.gz or .jsonl.zst; "bertkit inspect" writes hidden states as .safetensors',
  );
}
