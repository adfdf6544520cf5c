import { TokenizerError } from "./tokenizer-error.js";

/** Which sequence gives up tokens when there are too many. */
export type Truncation = "longest_first" | "only_first" | "only_second";

/** What {@link truncatedLengths} needs to know. */
export interface TruncationRequest {
  /** Tokens of the first sequence, and of the second where there is one. */
  readonly first: number;
  readonly second: number | undefined;
  /** How many tokens may stay, special tokens not counted. */
  readonly budget: number;
  readonly truncation: Truncation;
  /** Who gets the odd token when both are cut: in Hugging Face's the longer (of equals the second), in Google's the first. */
  readonly spareToken: "first" | "longer";
}

/**
 * How many tokens of each sequence stay. With no budget at all nothing stays, whatever the strategy.
 * @throws {TokenizerError} `maximum_too_short` where the one sequence to cut would have nothing left, `invalid_option`
 * where the second is to be cut and there is none.
 */
export function truncatedLengths(request: TruncationRequest): { first: number; second: number } {
  const { first, budget, truncation } = request;
  const second = request.second ?? 0;
  if (truncation === "only_second" && request.second === undefined && first > budget) {
    throw new TokenizerError(
      "invalid_option",
      `truncation "only_second" needs a pair, and there is one text: use "longest_first"`,
    );
  }
  if (first + second <= budget) return { first, second };
  if (budget === 0) return { first: 0, second: 0 };
  if (truncation === "longest_first") return longestFirst(request, second);
  const kept = budget - (truncation === "only_first" ? second : first);
  if (kept <= 0) {
    throw new TokenizerError(
      "maximum_too_short",
      `truncation "${truncation}": ${first} and ${second} tokens do not come down to ${budget} by cutting one sequence: allow more, or use "longest_first"`,
    );
  }
  return truncation === "only_first" ? { first: kept, second } : { first, second: kept };
}

/** Takes tokens from the longer sequence until both are equal, then from both in turn. */
function longestFirst(
  { first, budget, spareToken }: TruncationRequest,
  second: number,
): { first: number; second: number } {
  const half = Math.floor(budget / 2);
  const spare = budget % 2;
  if (Math.min(first, second) <= half) {
    return first <= second ? { first, second: budget - first } : { first: budget - second, second };
  }
  return spareToken === "first" || first > second
    ? { first: half + spare, second: half }
    : { first: half, second: half + spare };
}
