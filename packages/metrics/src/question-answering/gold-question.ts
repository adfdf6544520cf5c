import { type ById, entriesOf, lookUp } from "../by-id.js";
import { MetricError, shown } from "../metric-error.js";

/** A question of a data set with the texts of its gold answers; none says that it cannot be answered. */
export interface GoldQuestion {
  readonly id: string;
  readonly answers: readonly string[];
}

/** The prediction for a question, where there is one. Throws a MetricError (`value`) for one that is no text. */
export function predictionOf(predictions: ById<string>, id: string): string | undefined {
  const prediction: unknown = lookUp(predictions, id);
  if (prediction === undefined || typeof prediction === "string") return prediction;
  throw new MetricError("value", `a prediction is a text, and that of question ${shown(id)} is ${shown(prediction)}`);
}

/** The ids of a table that no question has, in its order. */
export function unknownIds(table: ById<unknown>, questions: { has(id: string): boolean }): string[] {
  return Array.from(entriesOf(table), ([id]) => id).filter((id) => !questions.has(id));
}

/** The error of having no question to score. */
export function noQuestions(): MetricError {
  return new MetricError("empty", "there are no questions, so there is nothing to score");
}
