import type { Classification, Classifier, LabelScore } from "bertkit";
import { pageRemark, pageResults } from "../similar/results-page.js";
import { openTaskRows, textsOf } from "../tasks/open-task-rows.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";
import { shorten } from "../terminal/display-width.js";
import { visibleText } from "../terminal/visible-text.js";

/** The flags of `bertkit classify`. */
export interface ClassifyFlags extends TaskFlags {
  /** So many of the labels' scores. */
  readonly top?: number;
  readonly threshold?: number;
}

/** Writes the label of each text or pair, in their order. */
export async function classify(texts: readonly string[], flags: ClassifyFlags, signal: AbortSignal): Promise<void> {
  const source = await openTaskRows(texts, flags, signal);
  const { loadClassifier } = await import("bertkit");
  await runTask(source, { load: loadClassifier, ...form(flags) }, flags, signal);
}

function form({ top, threshold }: ClassifyFlags): Omit<TaskCommand<Classifier, Classification>, "load"> {
  const chosen = ({ labels, scores }: Classification): readonly LabelScore[] =>
    top === undefined ? labels : scores.slice(0, top);
  return {
    answers: (classifier, rows, options) => classifier.classify(textsOf(rows), { ...options, threshold }),
    columns: ["label", "score"],
    cells: (answer) => {
      const labels = chosen(answer);
      return labels.length > 0 ? labels.map(({ label, score }) => [label, score]) : [[null, null]];
    },
    object: (answer) => ({ labels: chosen(answer).map(({ label, score }) => ({ label, score: roundedScore(score) })) }),
    page: (answer, { given }, columns) => {
      if (chosen(answer).length === 0) {
        return pageRemark(shorten(visibleText(`no label: ${given.join(" ||| ")}`), columns - 3));
      }
      const shown = chosen(answer).map(({ label, score }) => ({
        score,
        texts: [{ place: label, text: given.join(" ||| ") }],
      }));
      return pageResults(shown, { columns, isCosine: true });
    },
  };
}
