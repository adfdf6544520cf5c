import type { ById } from "../by-id.js";
import { MetricError, shown } from "../metric-error.js";
import type { GoldQuestion } from "./gold-question.js";
import { type AnswerScores, bestOf, tokenF1 } from "./overlap.js";
import { splitWhiteSpace, wholeWords } from "./python-text.js";
import { type ExtractScores, scoreExtracts } from "./score-extracts.js";

/** A language that MLQA's script has rules for. */
export type MlqaLanguage = "ar" | "de" | "en" | "es" | "hi" | "vi" | "zh";

/** What a language's articles are; Arabic's is part of the word it belongs to. */
const articles: Readonly<Record<MlqaLanguage, RegExp | undefined>> = {
  ar: /ال/g,
  de: wholeWords("ein eine einen einem eines einer der die das den dem des".split(" ")),
  en: wholeWords(["a", "an", "the"]),
  es: wholeWords("un una unos unas el la los las".split(" ")),
  hi: undefined,
  vi: wholeWords("của là cái chiếc những".split(" ")),
  zh: undefined,
};

/** All languages that MLQA's script has rules for. */
export const mlqaLanguages = Object.keys(articles) as readonly MlqaLanguage[];

/**
 * Exact match and F1 as MLQA's `mlqa_evaluation_v1.py` counts them (Lewis et al., 2020, section 5): punctuation is all of
 * Unicode's, articles are the language's, and a Chinese character is a token of its own, so that F1 means something for
 * DRCD, CMRC and the Chinese XQuAD. CMRC's own script differs in that it wants a common subsequence instead of a bag and
 * cuts Latin text with NLTK. A question without a prediction scores 0.
 *
 * Throws a MetricError: `argument` for an unknown language, `empty` without questions, `value` for a question without a
 * gold answer or a prediction that is no text.
 */
export function scoreMlqa(
  questions: Iterable<GoldQuestion>,
  predictions: ById<string>,
  language: MlqaLanguage,
): ExtractScores {
  return scoreExtracts(questions, predictions, (answers, prediction) => scoreMlqaAnswer(answers, prediction, language));
}

/** What one answer scores by MLQA's rules; without tokens in common F1 is 0. Throws as `scoreMlqa` does. */
export function scoreMlqaAnswer(answers: readonly string[], prediction: string, language: MlqaLanguage): AnswerScores {
  if (answers.length === 0)
    throw new MetricError("value", "MLQA has an answer to each question, and one here has none: leave it out");
  const tokens = (answer: string): string[] => mlqaTokens(answer, language);
  return bestOf(answers.map(tokens), tokens(prediction), tokenF1);
}

/** An answer's tokens as MLQA's script compares them. Throws a MetricError (`argument`) for an unknown language. */
export function mlqaTokens(answer: string, language: MlqaLanguage): string[] {
  if (!Object.hasOwn(articles, language))
    throw new MetricError("argument", `MLQA's languages are ${mlqaLanguages.join(", ")}, not ${shown(language)}`);
  const bare = answer.toLowerCase().replace(punctuation, "");
  const article = articles[language];
  const text = article ? bare.replace(article, " ") : bare;
  // The script's range ends at U+9FA5; rarer ideographs stay with what is beside them.
  return splitWhiteSpace(language === "zh" ? text.replace(/[\u4e00-\u9fa5]/g, " $& ") : text);
}

/** Unicode's punctuation and ASCII's symbols. */
const punctuation = /[\p{P}$+<=>^`|~]/gu;
