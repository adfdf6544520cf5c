export type { BadRecordOptions } from "./bad-record.js";
export { DataError, type DataErrorCode, type DataPlace } from "./data-error.js";
export {
  type DataTaskName,
  dataTasks,
  type ExampleColumn,
  isDataTaskName,
  type LabelTask,
  type LabelTaskName,
  type ScoreTask,
  type TaskMetric,
} from "./data-tasks.js";
export {
  answerPosition,
  type QuestionInContext,
  type QuestionWindow,
  type QuestionWindowOptions,
  questionWindows,
  type TextRange,
} from "./question-windows.js";
export {
  type CorpusText,
  type Judgement,
  type QueryText,
  readBeirCorpus,
  readBeirQrels,
  readBeirQueries,
} from "./readers/beir.js";
export { numbersByQuery } from "./readers/by-query.js";
export { type EntityText, type NamedRange, readCluener } from "./readers/cluener.js";
export { type ConllOptions, readConll, type TaggedSentence } from "./readers/conll.js";
export { readDocuments, type SentenceDocument } from "./readers/documents.js";
export {
  type PredictedLabel,
  type PredictedScore,
  readPredictedLabels,
  readPredictedLabelsJson,
  readPredictedScores,
  readPredictedScoresJson,
} from "./readers/example-predictions.js";
export { type Example, readExamples, readExamplesJson } from "./readers/examples.js";
export { type LabelColumns, type LabelledTextOptions, readLabelledTexts } from "./readers/labelled-texts.js";
export { readScoredPairs, type ScoredPair } from "./readers/scored-pairs.js";
export { type DataWarning, parseSquad, type SquadAnswer, type SquadFile, type SquadQuestion } from "./readers/squad.js";
export {
  type NBestAnswer,
  parseNBestPredictions,
  parseNullOdds,
  parsePredictions,
} from "./readers/squad-predictions.js";
export { type RunEntry, readTrecQrels, readTrecRun } from "./readers/trec.js";
export type { NamedColumn } from "./text/columns.js";
export type { TextSource } from "./text/lines.js";
export { type TokenWindowOptions, type TokenWindows, tokenWindows, type WindowSpan } from "./token-windows.js";
export { toGluePredictions } from "./writers/glue-predictions.js";
export {
  nBestWriter,
  nullOddsWriter,
  type PredictionWriter,
  predictionsWriter,
  toNBestJson,
  toNullOddsJson,
  toPredictionsJson,
} from "./writers/squad-predictions.js";
export { type QueryFinds, toTrecRun } from "./writers/trec.js";
