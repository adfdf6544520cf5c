import type { ById } from "../by-id.js";
import { MetricError } from "../metric-error.js";
import type { GoldQuestion } from "./gold-question.js";
import { type AnswerScores, bestOf, tokenF1 } from "./overlap.js";
import { type ExtractScores, scoreExtracts } from "./score-extracts.js";
import { squadTokens } from "./squad-tokens.js";

/**
 * Exact match and F1 as SQuAD 1.1's `evaluate-v1.1.py` counts them, to the last digit (Rajpurkar et al., 2016, section
 * 6.1). A question without a prediction scores 0. XQuAD's authors score every language with it, Chinese too; `scoreMlqa`
 * is the script that cuts Chinese into characters.
 *
 * Throws a MetricError: `empty` without questions, `value` for a question without a gold answer or a prediction that is
 * no text.
 */
export function scoreSquad1(questions: Iterable<GoldQuestion>, predictions: ById<string>): ExtractScores {
  return scoreExtracts(questions, predictions, scoreSquad1Answer);
}

/** What one answer scores by the rules of SQuAD 1.1; without tokens in common F1 is 0. Throws as `scoreSquad1` does. */
export function scoreSquad1Answer(answers: readonly string[], prediction: string): AnswerScores {
  if (answers.length === 0)
    throw new MetricError(
      "value",
      "SQuAD 1.1 has an answer to each question, and one here has none: such data is scored by scoreSquad2",
    );
  return bestOf(answers.map(squadTokens), squadTokens(prediction), tokenF1);
}
