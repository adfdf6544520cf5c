import type { HeadName } from "@bertkit/bert-model";

/** What a model can be asked, and the head that answers it. */
export interface Task {
  /** As the command line spells it. */
  readonly name: string;
  readonly head: HeadName;
  /** For people: "a model that …". */
  readonly does: string;
}

/** Every task that needs a head; the same head may serve several. */
export const tasks = {
  fill: { name: "fill", head: "maskedLanguage", does: "fills masks" },
  next: { name: "next", head: "nextSentence", does: "tells whether one text follows another" },
  classify: { name: "classify", head: "sequenceClassification", does: "classifies texts" },
  rank: { name: "rank", head: "sequenceClassification", does: "scores a passage for a query" },
  tag: { name: "tag", head: "tokenClassification", does: "labels tokens" },
  answer: { name: "answer", head: "questionAnswering", does: "answers questions from a text" },
} as const satisfies Readonly<Record<string, Task>>;

/** The name of one of the `tasks`. */
export type TaskName = keyof typeof tasks;

/**
 * The tasks that these heads serve. One label is a score: a model with one ranks and does not classify, unless its
 * configuration says that it was trained on numbers.
 */
export function tasksOf(heads: readonly HeadName[], labels: number, problem: string | undefined): TaskName[] {
  return (Object.keys(tasks) as TaskName[]).filter((name) => {
    if (!heads.includes(tasks[name].head)) return false;
    if (name === "rank") return labels === 1;
    return name !== "classify" || labels > 1 || problem !== undefined;
  });
}
