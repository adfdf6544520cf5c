import {
  dataTasks,
  type Example,
  type LabelTaskName,
  readExamples,
  readExamplesJson,
  readLabelledTexts,
  type TaskMetric,
} from "@bertkit/data";
import { Failure, usageFailure } from "../failure.js";
import type { DataFile } from "./data-file.js";
import type { TaskLabels } from "./label-map.js";

/** Texts or pairs with what they are, and how answers about them are scored. */
export interface LabelData extends TaskLabels {
  readonly examples: readonly Example[];
  readonly metrics: readonly (TaskMetric | "macro_f1")[];
}

export interface LabelDataOptions {
  /** Undefined for a file of no known task, whose labels are those that stand in it. */
  readonly task: LabelTaskName | undefined;
  /** Of files that hold several. */
  readonly language: string | undefined;
  readonly limit: number | undefined;
}

/**
 * Reads the examples of a task.
 * @throws {Failure} for a file that is not the task's, and for one without labels.
 */
export async function readLabelData(file: DataFile, options: LabelDataOptions): Promise<LabelData> {
  const { task, limit } = options;
  const examples = await file.readAll((source) => ofLanguage(readerOf(file, task)(source), options.language), limit);
  if (examples.length === 0) throw emptyData(file, options);
  const present = new Set(examples.flatMap(({ label }) => label ?? []));
  if (present.size === 0) {
    const hint = 'test files have none; "bertkit classify" writes the labels that a model gives them';
    throw new Failure(`${file.name}: its examples have no labels, so there is nothing to score`, { hint });
  }
  if (task !== undefined) return { examples, ...dataTasks[task] };
  const labels = [...present].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { examples, title: file.name, labels, labelNames: labels, metrics: ["accuracy", "macro_f1"] };
}

type Reader = (source: AsyncIterable<string>) => AsyncIterable<Example>;

function readerOf(file: DataFile, task: LabelTaskName | undefined): Reader {
  if (task !== undefined) return (source) => (file.isJsonLines ? readExamplesJson : readExamples)(source, task);
  if (!file.isJsonLines) return (source) => readLabelledTexts(source);
  throw usageFailure(`${file.name}: JSON lines of no known task`, "name the task with --task, or give a .tsv file");
}

async function* ofLanguage(examples: AsyncIterable<Example>, language: string | undefined): AsyncGenerator<Example> {
  for await (const example of examples) if (language === undefined || example.language === language) yield example;
}

function emptyData({ name }: DataFile, { language }: LabelDataOptions): Failure {
  const ofLanguage = language === undefined ? "" : ` of the language ${language}`;
  return new Failure(`${name}: there are no examples${ofLanguage}`, { hint: "check the file, and --language" });
}
