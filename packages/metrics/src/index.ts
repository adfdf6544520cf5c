export type { ById } from "./by-id.js";
export { MetricError, type MetricErrorCode } from "./metric-error.js";
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
