import { ShapeError, type Values } from "@bertkit/tensor";
import { softmaxOf } from "./probabilities.js";

/** A token for a place in a text, and how likely it is there. */
export interface TokenGuess {
  readonly id: number;
  readonly probability: number;
}

export interface LikeliestOptions {
  /** How many to give at most. Default 5. */
  readonly top?: number | undefined;
  /** Gives only these ids, whose probabilities stay those among the whole vocabulary (fill-mask's `targets`). */
  readonly among?: readonly number[] | undefined;
}

/**
 * The likeliest tokens of one row of logits, the likeliest first; of two alike the one with the lower id. Throws
 * `ShapeError` for an id that the row has no logit for, and for a number of tokens that is no whole one from 1 on.
 */
export function likeliestTokens(logits: Values, { top = 5, among }: LikeliestOptions = {}): TokenGuess[] {
  if (!(Number.isInteger(top) && top >= 1)) throw new ShapeError(`likeliestTokens: wanted 1 or more, got top ${top}`);
  const stranger = among?.find((id) => !(Number.isInteger(id) && id >= 0 && id < logits.length));
  if (stranger !== undefined)
    throw new ShapeError(`likeliestTokens: id ${stranger} is none of ${logits.length} tokens`);
  const probabilities = softmaxOf(logits);
  const ids = among ? [...new Set(among)].sort((a, b) => a - b) : probabilities.keys();
  const guesses: TokenGuess[] = [];
  for (const id of ids) {
    const probability = probabilities[id]!;
    let place = guesses.length;
    while (place > 0 && guesses[place - 1]!.probability < probability) place--;
    if (place === top) continue;
    guesses.splice(place, 0, { id, probability });
    if (guesses.length > top) guesses.pop();
  }
  return guesses;
}
