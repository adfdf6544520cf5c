import { compareCodePoints } from "../compare-code-points.js";
import { LabelCounter } from "../label-counter.js";
import { MetricError } from "../metric-error.js";
import {
  type Averages,
  averagesOf,
  type PrecisionRecall,
  precisionRecall,
  type ZeroDivision,
} from "../precision-recall.js";
import { entitiesOf } from "./entities-of.js";
import type { Entity } from "./entity.js";
import { strictEntitiesOf } from "./strict-entities-of.js";
import type { TagScheme } from "./tag-schemes.js";

/** What predicted entities scored; `micro` is what papers report. */
export interface EntityScores extends Averages {
  /** Each type of entity in the gold or the predicted ones, sorted. */
  readonly types: ReadonlyMap<string, PrecisionRecall>;
}

export interface EntityOptions {
  /** How tags must be spelt to count (seqeval's mode "strict"); without it they are read leniently, as by conlleval. */
  readonly scheme?: TagScheme;
  /** What precision counts as where nothing was predicted, and recall where nothing was to be found; 0 unless said. */
  readonly zeroDivision?: ZeroDivision;
}

/**
 * Precision, recall and F1 of entities by sentences' tags, each type and their averages, as seqeval counts: an entity is
 * right if type, start and end are. Without any entity all are `zeroDivision`.
 *
 * Throws a MetricError: `length` where sentences or their tags differ in number, `empty` without sentences, `argument`
 * for an unknown scheme, `value` for an empty tag or one that the scheme does not have.
 */
export function scoreEntities(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  { scheme, zeroDivision = 0 }: EntityOptions = {},
): EntityScores {
  checkSentences(gold, predicted);
  const read = (tags: readonly string[]): Entity[] => (scheme ? strictEntitiesOf(tags, scheme) : entitiesOf(tags));
  const counter = new LabelCounter<string>();
  for (const [i, tags] of gold.entries()) {
    const golds = new Set<string>();
    for (const entity of read(tags)) {
      counter.add(entity.type, "gold");
      golds.add(keyOf(entity));
    }
    for (const entity of read(predicted[i]!)) {
      counter.add(entity.type, "predicted");
      if (golds.has(keyOf(entity))) counter.add(entity.type, "right");
    }
  }
  const counts = counter.sorted(compareCodePoints);
  return {
    ...averagesOf([...counts.values()], zeroDivision),
    types: new Map(Array.from(counts, ([type, count]) => [type, precisionRecall(count, zeroDivision)])),
  };
}

function checkSentences(gold: readonly (readonly string[])[], predicted: readonly (readonly string[])[]): void {
  if (gold.length !== predicted.length)
    throw new MetricError(
      "length",
      `there are tags of ${gold.length} sentences, but predicted ones of ${predicted.length}`,
    );
  if (gold.length === 0) throw new MetricError("empty", "there are no sentences, so there is nothing to score");
  const wrong = gold.flatMap((tags, i) => (tags.length === predicted[i]!.length ? [] : [i]));
  if (wrong.length === 0) return;
  const [first] = wrong as [number];
  throw new MetricError(
    "length",
    `each token has a gold and a predicted tag, and ${wrong.length} sentences differ; the first is sentence ${first}, ` +
      `with ${gold[first]!.length} gold and ${predicted[first]!.length} predicted tags`,
  );
}

function keyOf({ type, start, end }: Entity): string {
  return `${start} ${end} ${type}`;
}
