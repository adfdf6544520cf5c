import { accuracy, type EntityOptions, type PrecisionRecall, scoreEntities } from "@bertkit/metrics";
import { counted, type Report, shownScore } from "./report.js";
import type { TaggedWords } from "./tagged-data.js";

/** Scores entities as seqeval does: right if type, start and end are. */
export function scoreTags(
  sentences: readonly TaggedWords[],
  predicted: readonly (readonly string[])[],
  { scheme }: Pick<EntityOptions, "scheme">,
): Report {
  const gold = sentences.map(({ tags }) => tags);
  const { micro, macro, weighted, types } = scoreEntities(gold, predicted, scheme ? { scheme } : {});
  const right = accuracy(gold.flat(), predicted.flat());
  const typeScores = Object.fromEntries(Array.from(types, ([type, score]) => [type, { ...score }]));
  return {
    scores: {
      ...micro,
      macro_f1: macro.f1,
      weighted_f1: weighted.f1,
      accuracy: right,
      total: sentences.length,
      types: typeScores,
    },
    page: [
      [
        "Entities",
        [
          ["precision", shownScore(micro.precision)],
          ["recall", shownScore(micro.recall)],
          ["F1", shownScore(micro.f1)],
          ["macro F1", shownScore(macro.f1)],
          ["tags right", shownScore(right)],
          ["scored", `${counted(micro.support, "entity", "entities")} in ${counted(sentences.length, "sentence")}`],
        ],
      ],
      ["Types: precision, recall, F1", Array.from(types, ([type, score]) => [type, shownType(score)] as const)],
    ],
  };
}

function shownType({ precision, recall, f1, support }: PrecisionRecall): string {
  return `${[precision, recall, f1].map(shownScore).join("  ")}  of ${support.toLocaleString("en")}`;
}
