import type { LabelTask } from "@bertkit/data";
import { Failure, usageFailure } from "../failure.js";

/** What maps labels: of a model, or of a file of predictions. */
export interface LabelMap {
  /** The label as the data spells it; undefined for one that the map does not have. */
  of(label: string): string | undefined;
  /** How it came about, where a person should know. */
  readonly remark: string | undefined;
}

/** What the labels of a task are called. */
export type TaskLabels = Pick<LabelTask, "title" | "labels" | "labelNames" | "labelAliases">;

/**
 * Labels as predictions spell them to labels as the data spells them: by `given` where somebody says so, else by their
 * spelling in the data or in words (whatever the case, with - for _), else, where a model calls them LABEL_0 and so on,
 * by the task's order.
 * @param predicted all there are
 * @throws {Failure} where one has no counterpart in the task, and for `given` labels that there are none of.
 */
export function mapLabels(
  predicted: readonly string[],
  task: TaskLabels,
  given: ReadonlyMap<string, string> = new Map(),
): LabelMap {
  const inTask = taskSpellings(task);
  checkGiven(given, predicted, task);
  const isNameless = predicted.every((label) => /^LABEL_\d+$/.test(label)) && predicted.length === task.labels.length;
  const found = new Map<string, string | undefined>(
    predicted.map((label) => {
      const named = given.has(label) ? given.get(label) : label;
      const byOrder = isNameless ? task.labels[Number(label.slice("LABEL_".length))] : undefined;
      return [label, inTask.get(folded(named ?? "")) ?? (given.has(label) ? undefined : byOrder)];
    }),
  );
  const strangers = predicted.filter((label) => found.get(label) === undefined);
  if (strangers.length > 0) throw unlike(predicted, strangers, task);
  const order = predicted.map((label) => `${label} is ${found.get(label)}`).join(", ");
  const remark =
    isNameless && given.size === 0 ? `the model does not name its labels; by the task's order ${order}` : undefined;
  return { of: (label) => found.get(label), remark };
}

/** For `--labels`: `model=data` pairs. */
export function labelPairs(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.lastIndexOf("=");
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)] as const;
      throw usageFailure(
        `--labels wants pairs, got ${pair}`,
        "write the model's label first: --labels LABEL_0=negative",
      );
    }),
  );
}

function taskSpellings({ labels, labelNames, labelAliases = {} }: TaskLabels): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(labelAliases).map(([alias, label]) => [folded(alias), label] as const),
    ...labelNames.map((name, i) => [folded(name), labels[i] as string] as const),
    ...labels.map((label) => [folded(label), label] as const),
  ]);
}

/** Models write NOT_ENTAILMENT, not-entailment and "not entailment". */
const folded = (label: string): string => label.toLowerCase().replace(/[\s_-]+/g, "_");

function checkGiven(given: ReadonlyMap<string, string>, predicted: readonly string[], task: TaskLabels): void {
  const known = taskSpellings(task);
  for (const [label, named] of given) {
    if (!predicted.includes(label)) {
      throw usageFailure(`--labels names ${label}, which is none of ${predicted.join(", ")}`, "name those");
    }
    if (!known.has(folded(named))) {
      throw usageFailure(
        `--labels says ${label}=${named}, and ${task.title} has ${spelled(task)}`,
        "name one of these",
      );
    }
  }
}

function unlike(predicted: readonly string[], strangers: readonly string[], task: TaskLabels): Failure {
  const problem = `the predicted labels are ${predicted.join(", ")}, and ${task.title} has ${spelled(task)}`;
  const example = strangers.map((label) => `${label}=…`).join(",");
  return new Failure(problem, { hint: `say which is which: --labels ${example}` });
}

function spelled({ labels, labelNames }: TaskLabels): string {
  return labels.map((label, i) => (label === labelNames[i] ? label : `${label} (${labelNames[i]})`)).join(", ");
}
