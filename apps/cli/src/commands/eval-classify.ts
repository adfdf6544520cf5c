import type { DataTaskName, LabelTaskName } from "@bertkit/data";
import type { Classification, Classifier } from "bertkit";
import { type DataFile, openDataFile } from "../eval/data-file.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { gatherPredictions } from "../eval/gather-predictions.js";
import { type LabelData, readLabelData } from "../eval/label-data.js";
import { labelPairs, mapLabels } from "../eval/label-map.js";
import { scoreLabelData } from "../eval/label-scores.js";
import { modelIdentity } from "../eval/model-identity.js";
import { planRun } from "../eval/plan-run.js";
import { type ExamplePrediction, predictionForm } from "../eval/prediction-file.js";
import { checkCount, type LabelCell, readLabels } from "../eval/read-predictions.js";
import { printReport } from "../eval/report.js";
import { type GoldPair, readGoldPairs, readPredictedScores, scorePairs } from "../eval/score-data.js";
import { Failure } from "../failure.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { lengthLimitOf } from "../tasks/warn-of-cuts.js";
import { note } from "../terminal/notices.js";

/** The flags of `bertkit eval classify`. */
export interface EvalClassifyFlags extends EvalFlags {
  readonly task?: DataTaskName;
  /** `predicted=data` pairs. */
  readonly labels?: readonly string[];
  readonly language?: string;
}

/** Scores labels, or of STS-B numbers: those of a file, or those that a fine-tuned model gives. */
export async function evalClassify(flags: EvalClassifyFlags, signal: AbortSignal): Promise<void> {
  const file = await openDataFile(flags.data, signal);
  if (flags.task === "stsb") await evalNumbers(file, flags, signal);
  else await evalLabels(file, flags.task, flags, signal);
}

async function evalLabels(
  file: DataFile,
  task: LabelTaskName | undefined,
  flags: EvalClassifyFlags,
  signal: AbortSignal,
): Promise<void> {
  const { predictions, language, limit } = flags;
  const data = await readLabelData(file, { task, language, limit });
  const predicted =
    predictions === undefined
      ? await labelsOfModel(data, flags, signal)
      : labelsIn(await readLabels(predictions, signal), data, flags);
  await printReport(() => scoreLabelData(data, predicted), flags, signal);
}

function labelsIn(cells: readonly LabelCell[], data: LabelData, flags: EvalClassifyFlags): readonly string[] {
  checkCount(cells.length, data.examples.length, flags.limit !== undefined);
  const spelled = cells.slice(0, data.examples.length).map(({ label, place }) => {
    return typeof label === "string" ? label : likeliest(label, data, place);
  });
  const map = mapLabels([...new Set(spelled)], data, labelPairs(flags.labels ?? []));
  return spelled.map((label) => map.of(label) as string);
}

/** Of Google's test_results.tsv, whose columns are the task's labels in their order. */
function likeliest(probabilities: readonly number[], { labels, title }: LabelData, place: string): string {
  if (probabilities.length === labels.length)
    return labels[probabilities.indexOf(Math.max(...probabilities))] as string;
  const problem = `${probabilities.length} probabilities, and ${title} has ${labels.length} labels`;
  throw new Failure(`${place}: ${problem}`, { hint: `a column for each, in this order: ${labels.join(", ")}` });
}

async function labelsOfModel(
  data: LabelData,
  flags: EvalClassifyFlags,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const given = labelPairs(flags.labels ?? []);
  const answers = await classified(flags, signal, {
    items: data.examples,
    title: data.title,
    textsOf: ({ text, pair }) => (pair === undefined ? text : [text, pair]),
    prepare: (classifier) => {
      const map = mapLabels(classifier.labels, data, given);
      if (map.remark && !flags.quiet) note(map.remark);
      return ({ scores: [best] }) => ({ prediction: map.of(best!.label) as string, score: best!.score });
    },
  });
  return answers.map(({ prediction }) => String(prediction));
}

async function evalNumbers(file: DataFile, flags: EvalClassifyFlags, signal: AbortSignal): Promise<void> {
  const pairs = await readGoldPairs(file, flags.limit);
  const predicted =
    flags.predictions === undefined
      ? await numbersOfModel(pairs, flags, signal)
      : await readPredictedScores(flags.predictions, pairs, flags, signal);
  await printReport(() => scorePairs(pairs, predicted), flags, signal);
}

async function numbersOfModel(
  pairs: readonly GoldPair[],
  flags: EvalClassifyFlags,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const answers = await classified(flags, signal, {
    items: pairs,
    title: "STS-B",
    textsOf: ({ text, pair }) => [text, pair],
    prepare: ({ labels, problem }) => {
      if (labels.length > 1 || problem !== "regression") {
        const hint = 'for a sentence encoder there is "bertkit eval sts"';
        throw new Failure(`the model gives labels (${labels.join(", ")}), and STS-B wants a number`, { hint });
      }
      return ({ scores }) => ({ prediction: scores[0]!.score });
    },
  });
  return answers.map(({ prediction }) => Number(prediction));
}

interface Classifying<Item> {
  readonly items: readonly Item[];
  readonly title: string;
  readonly textsOf: (item: Item) => string | readonly [string, string];
  /** @throws {Failure} where the model is not one for this. */
  readonly prepare: (classifier: Classifier) => (answer: Classification) => ExamplePrediction;
}

async function classified<Item>(
  flags: EvalClassifyFlags,
  signal: AbortSignal,
  { items, title, textsOf, prepare }: Classifying<Item>,
): Promise<readonly ExamplePrediction[]> {
  const fileText = flags.output === undefined ? () => "" : predictionForm(flags.output);
  const plan = await planRun(flags.output, flags, [flags.data]);
  const { loadClassifier } = await import("bertkit");
  using classifier = await openTaskModel(flags, signal, loadClassifier);
  const predictionOf = prepare(classifier);
  const { maxLength } = classifier;
  const job = {
    items,
    cellsOf: (item: Item) => [textsOf(item)].flat(),
    async *predict(given: AsyncIterable<Item>, onProgress: (progress: { tokens: number; truncated: number }) => void) {
      async function* texts() {
        for await (const item of given) yield textsOf(item);
      }
      const { batchTokens } = flags;
      const answers = classifier.classify(texts(), { batchTokens, signal, onProgress });
      for await (const answer of answers) yield predictionOf(answer);
    },
    fileText,
    identity: () => modelIdentity(flags, { maxLength }, { data: title, labels: flags.labels }),
    limit: lengthLimitOf(classifier),
  };
  return await gatherPredictions<Item, ExamplePrediction>(job, plan, flags, signal);
}
