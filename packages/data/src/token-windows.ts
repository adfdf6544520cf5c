import { TokenizerError } from "@bertkit/tokenizer";

/** How {@link tokenWindows} cuts, both in tokens and at least 1. */
export interface TokenWindowOptions {
  /** Tokens of a window at most. */
  readonly room: number;
  /** How many tokens later the next window begins; a whole window where that is less. */
  readonly stride: number;
}

/** The tokens of a window: `count` of them from `first`, counted in the text from 0. */
export interface WindowSpan {
  readonly first: number;
  readonly count: number;
}

/** Windows over the tokens of a text. */
export interface TokenWindows {
  /** In the text's order; none where it has no tokens. */
  readonly spans: readonly WindowSpan[];
  /** [tokens] For each token the index of the window where it has the most context; of equal ones the first. */
  readonly holders: Int32Array;
}

/**
 * Windows that together have every token of a text, and for each token the one that speaks for it (the doc spans and
 * the max context of Google's run_squad.py): the context of a token is the shorter side, and a little for the window's
 * length.
 * @throws {TokenizerError} `invalid_option` for a number of tokens that is none.
 */
export function tokenWindows(tokens: number, { room, stride }: TokenWindowOptions): TokenWindows {
  checkTokenCounts({ tokens }, 0);
  checkTokenCounts({ room, stride }, 1);
  const spans = windowSpans(tokens, room, stride);
  return { spans, holders: bestWindows(spans, tokens) };
}

/** @throws {TokenizerError} `invalid_option` for what is no whole number, or less than `least`. */
export function checkTokenCounts(options: Readonly<Record<string, number>>, least: number): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new TokenizerError(
      "invalid_option",
      `${name}: wanted a whole number of tokens, at least ${least}, not ${value}`,
    );
  }
}

function windowSpans(tokens: number, room: number, stride: number): readonly WindowSpan[] {
  const spans: WindowSpan[] = [];
  for (let first = 0; first < tokens; first += Math.min(room, stride)) {
    const count = Math.min(room, tokens - first);
    spans.push({ first, count });
    if (first + count === tokens) break;
  }
  return spans;
}

function bestWindows(spans: readonly WindowSpan[], tokens: number): Int32Array {
  const holders = new Int32Array(tokens);
  const scores = new Float64Array(tokens).fill(-1);
  spans.forEach(({ first, count }, window) => {
    for (let at = 0; at < count; at++) {
      const score = Math.min(at, count - 1 - at) + 0.01 * count;
      if (score <= (scores[first + at] as number)) continue;
      scores[first + at] = score;
      holders[first + at] = window;
    }
  });
  return holders;
}
