import type { TagScheme } from "@bertkit/metrics";
import type { Tagger } from "bertkit";
import { type DataFile, openDataFile } from "../eval/data-file.js";
import { scoreTags } from "../eval/entity-scores.js";
import { checkTags, renamedTag } from "../eval/entity-types.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { gatherPredictions, type PredictionJob } from "../eval/gather-predictions.js";
import { labelPairs } from "../eval/label-map.js";
import { modelIdentity } from "../eval/model-identity.js";
import { planRun } from "../eval/plan-run.js";
import { printReport } from "../eval/report.js";
import { readPredictedTags, readTagged, type TaggedForm, type TaggedWords, taggedFormOf } from "../eval/tagged-data.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { lengthLimitOf } from "../tasks/warn-of-cuts.js";

/** The flags of `bertkit eval tag`. */
export interface EvalTagFlags extends EvalFlags {
  /** `predicted=data` pairs of tags, or of entities' types. */
  readonly labels?: readonly string[];
  readonly scheme?: TagScheme;
}

/** Scores entities: those of a file, or those that a model finds. */
export async function evalTag(flags: EvalTagFlags, signal: AbortSignal): Promise<void> {
  const { limit, predictions, labels = [], scheme, quiet = false } = flags;
  const file = await openDataFile(flags.data, signal);
  const sentences = await readTagged(file, limit);
  const given = labelPairs(labels);
  const gold = sentences.flatMap(({ tags }) => tags);
  const tagging: Tagging = {
    sentences,
    rename: (tag) => renamedTag(tag, given),
    check: (tags) => checkTags(tags, gold, quiet),
  };
  const predicted =
    predictions === undefined
      ? await tagsOfModel(tagging, taggedFormOf(file), flags, signal)
      : await tagsOfFile(tagging, await openDataFile(predictions, signal), limit !== undefined);
  await printReport(() => scoreTags(sentences, predicted, { ...(scheme && { scheme }) }), flags, signal);
}

/** What is to be tagged, and how tags become those of the data. */
interface Tagging {
  readonly sentences: readonly TaggedWords[];
  /** A predicted tag as the data would have it. */
  readonly rename: (tag: string) => string;
  /** @throws {Failure} where renamed tags are not those of the data. */
  readonly check: (tags: readonly string[]) => void;
}

async function tagsOfFile(
  { sentences, rename, check }: Tagging,
  file: DataFile,
  isPart: boolean,
): Promise<readonly (readonly string[])[]> {
  const predicted = await readPredictedTags(file, sentences, isPart);
  const renamed = predicted.map((tags) => tags.map(rename));
  check(renamed.flat());
  return renamed;
}

async function tagsOfModel(
  { sentences, rename, check }: Tagging,
  form: TaggedForm,
  flags: EvalTagFlags,
  signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const plan = await planRun(flags.output, flags, [flags.data]);
  const { loadTagger } = await import("bertkit");
  using tagger = await openTaskModel<Tagger>(flags, signal, loadTagger);
  check(tagger.labels.map(rename));
  const job: PredictionJob<TaggedWords, readonly string[]> = {
    items: sentences,
    cellsOf: ({ words }) => words,
    async *predict(given, onProgress) {
      async function* words() {
        for await (const sentence of given) yield sentence.words;
      }
      const { batchTokens } = flags;
      for await (const { labels = [] } of tagger.tag(words(), { batchTokens, signal, onProgress })) {
        // A word of which the tokenizer keeps nothing has no label, and is outside.
        yield form.kept(labels.map((word) => rename(word?.label ?? "O")));
      }
    },
    fileText: (predicted) => form.text(sentences, predicted),
    identity: () => modelIdentity(flags, tagger, { labels: flags.labels }),
    limit: lengthLimitOf(tagger),
  };
  return await gatherPredictions(job, plan, flags, signal);
}
