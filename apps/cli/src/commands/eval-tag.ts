import type { TagScheme } from "@bertkit/metrics";
import type { Tagger } from "bertkit";
import { openDataFile } from "../eval/data-file.js";
import { scoreTags } from "../eval/entity-scores.js";
import { checkTags, renamedTag } from "../eval/entity-types.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { lengthLimitOf, modelIdentity, openEvalModel } from "../eval/eval-model.js";
import { gatherPredictions, type PredictionJob } from "../eval/gather-predictions.js";
import { labelPairs } from "../eval/label-map.js";
import { printReport } from "../eval/report.js";
import { planRun } from "../eval/resumable-run.js";
import { readPredictedTags, readTagged, type TaggedForm, type TaggedWords, taggedFormOf } from "../eval/tagged-data.js";

/** The flags of `bertkit eval tag`. */
export interface EvalTagFlags extends EvalFlags {
  /** `predicted=data` pairs of tags, or of entities' types. */
  readonly labels?: readonly string[];
  readonly scheme?: TagScheme;
}

/** Scores entities: those of a file, or those that a model finds. */
export async function evalTag(flags: EvalTagFlags, signal: AbortSignal): Promise<void> {
  const { limit, predictions, scheme } = flags;
  const file = await openDataFile(flags.data, signal);
  const sentences = await readTagged(file, limit);
  const renaming = renamingFor(sentences, flags);
  const predicted =
    predictions === undefined
      ? await tagsOfModel(sentences, { ...renaming, form: taggedFormOf(file), flags }, signal)
      : await readPredictedTags(await openDataFile(predictions, signal), sentences, limit !== undefined);
  const renamed = predictions === undefined ? predicted : predicted.map((tags) => tags.map(renaming.rename));
  if (predictions !== undefined) renaming.check(renamed.flat());
  await printReport(() => scoreTags(sentences, renamed, { ...(scheme && { scheme }) }), flags, signal);
}

interface Renaming {
  /** A predicted tag as the data would have it. */
  readonly rename: (tag: string) => string;
  /** @throws {Failure} where renamed tags are not those of the data. */
  readonly check: (tags: Iterable<string>) => void;
}

function renamingFor(sentences: readonly TaggedWords[], { labels = [], quiet = false }: EvalTagFlags): Renaming {
  const given = labelPairs(labels);
  return {
    rename: (tag) => renamedTag(tag, given),
    check: (tags) =>
      checkTags(
        tags,
        sentences.flatMap(({ tags }) => tags),
        quiet,
      ),
  };
}

interface Tagging extends Renaming {
  readonly form: TaggedForm;
  readonly flags: EvalTagFlags;
}

async function tagsOfModel(
  sentences: readonly TaggedWords[],
  { rename, check, form, flags }: Tagging,
  signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const plan = await planRun(flags.output, flags, [flags.data]);
  const { loadTagger } = await import("bertkit");
  using tagger = await openEvalModel<Tagger>(flags, signal, loadTagger);
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
        yield labels.map((word) => rename(word?.label ?? "O"));
      }
    },
    fileText: (predicted) => form.text(sentences, predicted),
    identity: () => modelIdentity(flags, tagger, { labels: flags.labels }),
    limit: lengthLimitOf(tagger),
  };
  return await gatherPredictions(job, plan, flags, signal);
}
