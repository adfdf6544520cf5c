import type { NamedColumn } from "./text/columns.js";

/** The scores that GLUE and its relatives report, as the readers' tasks name them. */
export type TaskMetric = "accuracy" | "f1" | "matthews" | "pearson" | "spearman";

/** The tasks with labels that {@link dataTasks} describes. */
export type LabelTaskName =
  | "ax"
  | "cola"
  | "mnli"
  | "mrpc"
  | "qnli"
  | "qqp"
  | "rte"
  | "snli"
  | "sst2"
  | "wnli"
  | "xnli";

/** The tasks that {@link dataTasks} describes. */
export type DataTaskName = LabelTaskName | "stsb";

/** What a column of a task's file is to a reader. */
export type ExampleColumn = "id" | "text" | "pair" | "label" | "language";

/** A task whose answers are labels: what its files call them, and how they are scored. */
export interface LabelTask {
  readonly kind: "label";
  readonly title: string;
  /**
   * Labels as the files spell them, in the order of the outputs of models that don't name theirs: that of Google's
   * run_classifier (MNLI, XNLI and SNLI by the alphabet), else of GLUE. Of two, the second is what F1 is about.
   */
  readonly labels: readonly string[];
  /** The same labels in words, as Hugging Face's data sets and models name them. */
  readonly labelNames: readonly string[];
  /** Other spellings of labels in published files. */
  readonly labelAliases?: Readonly<Record<string, string>>;
  /** What stands in the place of a label where those who labelled did not agree. */
  readonly noLabel?: string;
  /** What GLUE reports, the first one first. */
  readonly metrics: readonly TaskMetric[];
  /** What the header of a published file calls each column; a task without `pair` is about single texts. */
  readonly columns: Readonly<Partial<Record<ExampleColumn, NamedColumn>>>;
  /** Where the columns are in a published file without a header. */
  readonly headless?: { readonly width: number; readonly indices: Readonly<Partial<Record<ExampleColumn, number>>> };
}

/** A task whose answers are numbers. */
export interface ScoreTask {
  readonly kind: "score";
  readonly title: string;
  /** The lowest and the highest score. */
  readonly range: readonly [lowest: number, highest: number];
  readonly metrics: readonly TaskMetric[];
}

const id: NamedColumn = { names: ["index", "id", "pairID"], optional: true };
const one = (...names: string[]): NamedColumn => ({ names });
const maybe = (...names: string[]): NamedColumn => ({ names, optional: true });
const sentencePair = { id, text: one("sentence1"), pair: one("sentence2") };
const accuracy: readonly TaskMetric[] = ["accuracy"];
const entailment = ["entailment", "not_entailment"];
/**
 * By the alphabet, as Google's MnliProcessor and XnliProcessor have them; Hugging Face's data sets begin with
 * entailment.
 */
const inference = ["contradiction", "entailment", "neutral"];

/**
 * GLUE's tasks, SNLI and XNLI by name: labels, metrics and the columns of the files as published. MNLI's matched and
 * mismatched files are read alike. Source: GLUE (Wang et al. 2019, table 1), google-research/bert run_classifier.
 */
export const dataTasks: Readonly<Record<LabelTaskName, LabelTask> & Record<"stsb", ScoreTask>> = {
  ax: {
    kind: "label",
    title: "GLUE's diagnostic set",
    labels: inference,
    labelNames: inference,
    metrics: ["matthews"],
    columns: {
      id,
      text: one("sentence1", "Premise"),
      pair: one("sentence2", "Hypothesis"),
      label: maybe("label", "Label"),
    },
  },
  cola: {
    kind: "label",
    title: "Corpus of Linguistic Acceptability",
    labels: ["0", "1"],
    labelNames: ["unacceptable", "acceptable"],
    metrics: ["matthews"],
    columns: { id, text: one("sentence"), label: maybe("label") },
    headless: { width: 4, indices: { label: 1, text: 3 } },
  },
  mnli: {
    kind: "label",
    title: "Multi-Genre Natural Language Inference",
    labels: inference,
    labelNames: inference,
    noLabel: "-",
    metrics: accuracy,
    columns: { ...sentencePair, label: maybe("gold_label", "label") },
  },
  mrpc: {
    kind: "label",
    title: "Microsoft Research Paraphrase Corpus",
    labels: ["0", "1"],
    labelNames: ["not_equivalent", "equivalent"],
    metrics: ["accuracy", "f1"],
    columns: { id, text: one("#1 String"), pair: one("#2 String"), label: maybe("Quality") },
  },
  qnli: {
    kind: "label",
    title: "Question-answering Natural Language Inference",
    labels: entailment,
    labelNames: entailment,
    metrics: accuracy,
    columns: { id, text: one("question"), pair: one("sentence"), label: maybe("label") },
  },
  qqp: {
    kind: "label",
    title: "Quora Question Pairs",
    labels: ["0", "1"],
    labelNames: ["not_duplicate", "duplicate"],
    metrics: ["accuracy", "f1"],
    columns: { id, text: one("question1"), pair: one("question2"), label: maybe("is_duplicate") },
  },
  rte: {
    kind: "label",
    title: "Recognizing Textual Entailment",
    labels: entailment,
    labelNames: entailment,
    metrics: accuracy,
    columns: { ...sentencePair, label: maybe("label") },
  },
  snli: {
    kind: "label",
    title: "Stanford Natural Language Inference",
    labels: inference,
    labelNames: inference,
    noLabel: "-",
    metrics: accuracy,
    columns: { ...sentencePair, label: maybe("gold_label", "label") },
  },
  sst2: {
    kind: "label",
    title: "Stanford Sentiment Treebank",
    labels: ["0", "1"],
    labelNames: ["negative", "positive"],
    metrics: accuracy,
    columns: { id, text: one("sentence"), label: maybe("label") },
  },
  stsb: {
    kind: "score",
    title: "Semantic Textual Similarity Benchmark",
    range: [0, 5],
    metrics: ["pearson", "spearman"],
  },
  wnli: {
    kind: "label",
    title: "Winograd Natural Language Inference",
    labels: ["0", "1"],
    labelNames: ["not_entailment", "entailment"],
    metrics: accuracy,
    columns: { ...sentencePair, label: maybe("label") },
  },
  xnli: {
    kind: "label",
    title: "Cross-lingual Natural Language Inference",
    labels: inference,
    labelNames: inference,
    // The training files in other languages than English spell it so.
    labelAliases: { contradictory: "contradiction" },
    noLabel: "-",
    metrics: accuracy,
    columns: {
      id,
      text: one("sentence1", "premise"),
      pair: one("sentence2", "hypo", "hypothesis"),
      label: maybe("gold_label", "label"),
      language: maybe("language"),
    },
  },
};

/** Whether a word names one of {@link dataTasks}. */
export function isDataTaskName(name: string): name is DataTaskName {
  return Object.hasOwn(dataTasks, name);
}
