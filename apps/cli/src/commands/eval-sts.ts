import type { PoolingMode, SentenceEncoder } from "bertkit";
import { openDataFile } from "../eval/data-file.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { gatherPredictions, type PredictionJob } from "../eval/gather-predictions.js";
import { modelIdentity } from "../eval/model-identity.js";
import { planRun } from "../eval/plan-run.js";
import { type ExamplePrediction, predictionForm } from "../eval/prediction-file.js";
import { printReport } from "../eval/report.js";
import { type GoldPair, readGoldPairs, readPredictedScores, scorePairs } from "../eval/score-data.js";
import { withVectors } from "../rows/with-vectors.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { lengthLimitOf } from "../tasks/warn-of-cuts.js";

/** The flags of `bertkit eval sts`. */
export interface EvalStsFlags extends EvalFlags {
  readonly pooling?: PoolingMode;
  readonly dimensions?: number;
  readonly prompt?: string;
  readonly promptName?: string;
}

/** Scores similarities: those of a file, or the cosines of a sentence encoder's vectors. */
export async function evalSts(flags: EvalStsFlags, signal: AbortSignal): Promise<void> {
  const file = await openDataFile(flags.data, signal);
  const pairs = await readGoldPairs(file, flags.limit);
  const predicted =
    flags.predictions === undefined
      ? await cosinesOfModel(pairs, flags, signal)
      : await readPredictedScores(flags.predictions, pairs, flags, signal);
  await printReport(() => scorePairs(pairs, predicted), flags, signal);
}

async function cosinesOfModel(
  pairs: readonly GoldPair[],
  flags: EvalStsFlags,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const fileText = flags.output === undefined ? () => "" : predictionForm(flags.output);
  const plan = await planRun(flags.output, flags, [flags.data]);
  const { loadSentenceEncoder } = await import("bertkit");
  const { pooling, dimensions, prompt, promptName } = flags;
  using encoder = await openTaskModel<SentenceEncoder>(flags, signal, (model, options) =>
    loadSentenceEncoder(model, { ...options, pooling, dimensions }),
  );
  const { maxLength } = encoder;
  const job: PredictionJob<GoldPair, ExamplePrediction> = {
    items: pairs,
    cellsOf: ({ text, pair }) => [text, pair],
    predict: (given, onProgress) => cosines(given, encoder, { ...flags, signal, onProgress }),
    fileText,
    identity: () => modelIdentity(flags, { maxLength }, { pooling, dimensions, prompt, promptName }),
    limit: lengthLimitOf(encoder),
  };
  const answers = await gatherPredictions(job, plan, flags, signal);
  return answers.map(({ prediction }) => Number(prediction));
}

type Encoding = Pick<EvalStsFlags, "batchTokens" | "prompt" | "promptName"> & {
  readonly signal: AbortSignal;
  readonly onProgress: Parameters<PredictionJob<GoldPair, ExamplePrediction>["predict"]>[1];
};

async function* cosines(
  pairs: AsyncIterable<GoldPair>,
  encoder: SentenceEncoder,
  { batchTokens, prompt, promptName, signal, onProgress }: Encoding,
): AsyncGenerator<ExamplePrediction> {
  const { cosineSimilarity } = await import("bertkit");
  async function* sides(): AsyncGenerator<{ readonly text: string }> {
    for await (const { text, pair } of pairs) yield* [{ text }, { text: pair }];
  }
  let first: Float32Array | undefined;
  for await (const { vector } of withVectors(sides(), encoder, {
    batchTokens,
    prompt,
    promptName,
    signal,
    onProgress,
  })) {
    if (first) yield { prediction: cosineSimilarity(first, vector) };
    first = first ? undefined : vector;
  }
}
