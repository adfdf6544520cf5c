export type { ById } from "./by-id.js";
export type { List } from "./check-lists.js";
export { accuracy, type Label } from "./classification/accuracy.js";
export { type GlueMetric, glueMetrics } from "./classification/glue-metrics.js";
export { matthews } from "./classification/matthews.js";
export { binaryF1, type LabelOptions, type LabelScores, scoreLabels } from "./classification/score-labels.js";
export { pearson } from "./correlation/pearson.js";
export { cosines, type SimilarityScores, scoreSimilarity } from "./correlation/score-similarity.js";
export { spearman } from "./correlation/spearman.js";
export { entitiesOf } from "./entities/entities-of.js";
export type { Entity } from "./entities/entity.js";
export { type EntityOptions, type EntityScores, scoreEntities } from "./entities/score-entities.js";
export { strictEntitiesOf } from "./entities/strict-entities-of.js";
export type { TagScheme } from "./entities/tag-schemes.js";
export { MetricError, type MetricErrorCode } from "./metric-error.js";
export type { Averages, PrecisionRecall, ZeroDivision } from "./precision-recall.js";
export {
  type BestThreshold,
  type BestThresholds,
  findBestThresholds,
  type ThresholdSearch,
} from "./question-answering/best-thresholds.js";
export type { GoldQuestion } from "./question-answering/gold-question.js";
export { type MlqaLanguage, mlqaLanguages, mlqaTokens, scoreMlqa, scoreMlqaAnswer } from "./question-answering/mlqa.js";
export type { AnswerScores } from "./question-answering/overlap.js";
export type { ExtractScores } from "./question-answering/score-extracts.js";
export { normalizeAnswer, squadTokens } from "./question-answering/squad-tokens.js";
export { scoreSquad1, scoreSquad1Answer } from "./question-answering/squad1.js";
export {
  officialSquad2,
  type Squad2Means,
  type Squad2Options,
  type Squad2Scores,
  scoreSquad2,
  scoreSquad2Answer,
} from "./question-answering/squad2.js";
export { rankDocuments } from "./retrieval/rank-documents.js";
export { type RankingScores, scoreRanking } from "./retrieval/score-ranking.js";
export { beirCutoffs, type RetrievalScores, scoreRetrieval } from "./retrieval/score-retrieval.js";
