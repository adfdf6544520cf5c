/** What an answer scored: 0 or 1 for being a gold answer to the letter, and F1 over its bag of tokens. */
export interface AnswerScores {
  readonly exactMatch: number;
  readonly f1: number;
}

/** The best scores of an answer beside any of the gold answers, each separately; −Infinity where there is no gold. */
export function bestOf(
  golds: readonly (readonly string[])[],
  answer: readonly string[],
  f1: (gold: readonly string[], answer: readonly string[]) => number,
): AnswerScores {
  return {
    exactMatch: Math.max(...golds.map((gold) => Number(sameTokens(gold, answer)))),
    f1: Math.max(...golds.map((gold) => f1(gold, answer))),
  };
}

/** Whether two answers have the same tokens in the same order. */
export function sameTokens(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, i) => token === b[i]);
}

/** F1 of an answer's tokens beside a gold answer's, as bags; 0 where they share none. */
export function tokenF1(gold: readonly string[], answer: readonly string[]): number {
  const shared = sharedTokens(gold, answer);
  if (shared === 0) return 0;
  const [precision, recall] = [shared / answer.length, shared / gold.length];
  return (2 * precision * recall) / (precision + recall);
}

function sharedTokens(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of a) left.set(token, (left.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of b) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    shared++;
  }
  return shared;
}
