import type { TagScheme } from "@bertkit/metrics";
import { openDataFile } from "../eval/data-file.js";
import { scoreTags } from "../eval/entity-scores.js";
import { checkTypes, renameTypes } from "../eval/entity-types.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { labelPairs } from "../eval/label-map.js";
import { printReport } from "../eval/report.js";
import { readPredictedTags, readTagged, type TaggedWords } from "../eval/tagged-data.js";
import { usageFailure } from "../failure.js";

/** The flags of `bertkit eval tag`. */
export interface EvalTagFlags extends EvalFlags {
  /** `predicted=data` pairs of entities' types. */
  readonly labels?: readonly string[];
  readonly scheme?: TagScheme;
}

/** Scores entities: those of a file, or those that a model finds. */
export async function evalTag(flags: EvalTagFlags, signal: AbortSignal): Promise<void> {
  const { limit, predictions, scheme, quiet = false } = flags;
  const file = await openDataFile(flags.data, signal);
  const sentences = await readTagged(file, limit);
  const given = labelPairs(flags.labels ?? []);
  if (predictions === undefined) throw usageFailure("no predictions", "name them with --predictions");
  const found = await readPredictedTags(await openDataFile(predictions, signal), sentences, limit !== undefined);
  const predicted = found.map((tags) => renameTypes(tags, given));
  checkTypes(predicted.flat(), tagsIn(sentences), quiet);
  await printReport(scoreTags(sentences, predicted, { ...(scheme && { scheme }) }), flags, signal);
}

const tagsIn = (sentences: readonly TaggedWords[]): readonly string[] => sentences.flatMap(({ tags }) => tags);
