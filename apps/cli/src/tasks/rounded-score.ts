/** A score as JSON has it: six decimals, never -0. */
export const roundedScore = (score: number): number => Number(score.toFixed(6)) + 0;
