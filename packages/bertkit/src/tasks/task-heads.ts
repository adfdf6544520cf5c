import { findOutputWords, type HeadName, type HeadSettings, headsIn, holdsPooler } from "@bertkit/encoder-family";
import type { ModelConfig } from "../model-config.js";

/** What a model can be asked, and the head that answers it. */
export interface Task {
  /** As the command line spells it. */
  readonly name: string;
  readonly head: HeadName;
  /** Whether the head stands on the pooled first token. */
  readonly needsPooler: boolean;
  /** How many labels the head must have, where not every number will do. */
  readonly labels?: number;
  /** For people: "a head that …". */
  readonly does: string;
}

/** Every task that needs a head; the same head may serve several. */
export const tasks = {
  fill: { name: "fill", head: "maskedLanguage", needsPooler: false, does: "fills masks" },
  next: { name: "next", head: "nextSentence", needsPooler: true, does: "tells whether one text follows another" },
  classify: { name: "classify", head: "sequenceClassification", needsPooler: true, does: "classifies texts" },
  rank: {
    name: "rank",
    head: "sequenceClassification",
    needsPooler: true,
    labels: 1,
    does: "scores a passage for a query, which has one label",
  },
  tag: { name: "tag", head: "tokenClassification", needsPooler: false, does: "labels tokens" },
  answer: { name: "answer", head: "questionAnswering", needsPooler: false, does: "answers questions from a text" },
} as const satisfies Readonly<Record<string, Task>>;

/** The name of one of the `tasks`. */
export type TaskName = keyof typeof tasks;

/** What a model's files have for tasks. */
export interface Holdings {
  readonly heads: readonly HeadName[];
  /** The heads whose encoder has a pooler under them. */
  readonly pooled: readonly HeadName[];
  readonly labels: number;
  readonly problem: HeadSettings["problem"];
}

/** What weights of these names and their configuration have for tasks. */
export function holdingsOf(
  { family, config, head: { architectures, labels, problem, tiesWords } }: ModelConfig,
  names: ReadonlyMap<string, unknown>,
): Holdings {
  // Who sees only what stands before a mask does not fill it, though its head's parameters are the same.
  const fills = !config.causal && (tiesWords || findOutputWords(family, names) !== undefined);
  const heads = headsIn(family, names, architectures).filter((head) => head !== "maskedLanguage" || fills);
  return {
    heads,
    pooled: heads.filter((head) => holdsPooler(family, names, head)),
    labels: labels.length,
    problem,
  };
}

/** What a model lacks for a task, as its "weights lack …"; undefined where it has everything. */
export function lackOf(task: Task, { heads, pooled, labels }: Holdings): string | undefined {
  if (!heads.includes(task.head) || (task.labels ?? labels) !== labels) return `a head that ${task.does}`;
  return task.needsPooler && !pooled.includes(task.head)
    ? `the pooler that a head stands on which ${task.does}`
    : undefined;
}

/**
 * The tasks that a model is for. One label is a score: a model with one ranks and is not one to classify with, unless its
 * configuration says what kind of problem it was trained on.
 */
export function tasksOf(holdings: Holdings): TaskName[] {
  const { labels, problem } = holdings;
  return (Object.keys(tasks) as TaskName[]).filter((name) => {
    if (lackOf(tasks[name], holdings) !== undefined) return false;
    return name !== "classify" || labels > 1 || problem !== undefined;
  });
}
