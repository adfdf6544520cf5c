import { asciiPunctuation, splitWhiteSpace, wholeWords } from "./python-text.js";

const articles = wholeWords(["a", "an", "the"]);

/** An answer's tokens as SQuAD's scripts compare them: lower case, without ASCII punctuation and the words a, an, the. */
export function squadTokens(answer: string): string[] {
  return splitWhiteSpace(answer.toLowerCase().replace(asciiPunctuation, "").replace(articles, " "));
}

/** An answer as SQuAD's scripts compare it to the letter: its `squadTokens` with a space between. */
export function normalizeAnswer(answer: string): string {
  return squadTokens(answer).join(" ");
}
