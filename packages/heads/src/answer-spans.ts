import { ShapeError } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";
import { softmaxOf } from "./probabilities.js";
import type { AnswerLogits } from "./question-answering.js";

/** A window over a question's context, such as `questionWindows` of @bertkit/data makes, with its logits. */
export interface AnswerWindow extends AnswerLogits {
  /** The question first, the context second; ranges are those of the whole context. */
  readonly encoding: Pick<Encoding, "length" | "ranges" | "sequenceIds">;
  /** [tokens] 1 for the tokens of the context that have more context in this window than in any other, else 0. */
  readonly maxContext: Uint8Array;
}

/** How {@link answerSpans} decodes. */
export interface AnswerSpansOptions {
  /** The whole text that the windows are of. */
  readonly context: string;
  /** Starts and ends that each window may offer, and answers to keep. Default 20. */
  readonly nBest?: number | undefined;
  /** Tokens of an answer at most. Default 30. */
  readonly maxAnswerTokens?: number | undefined;
  /** Given where there may be no answer: there is none if `nullOdds` is above it. run_squad.py's own is 0. */
  readonly nullThreshold?: number | undefined;
}

/** A stretch of the context that may be the answer; "" from 0 to 0 says that there is none. */
export interface AnswerSpan {
  /** The context from `start` to `end`. */
  readonly text: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly startLogit: number;
  readonly endLogit: number;
  /** Among the n best, from 0 to 1. */
  readonly probability: number;
}

/** What a question's windows say. */
export interface AnswerSpans {
  readonly answer: AnswerSpan;
  /** The likeliest first, no text twice, at least one; where there may be no answer, "" is always among them. */
  readonly nBest: readonly AnswerSpan[];
  /** How far "no answer" is above the best answer, in logits; undefined without `nullThreshold`. */
  readonly nullOdds: number | undefined;
}

/**
 * The likeliest answers to a question, from the logits of its windows (Devlin et al. 2019, sections 4.2 and 4.3; the
 * decoding of Google's run_squad.py). An answer begins and ends in the context, begins in the window where its first
 * token has the most context, and is as good as the sum of its two logits; of equals the first stays first.
 *
 * Texts are cut from the context, from the first token's start to the last one's end with the marks on its last letter.
 * run_squad.py joins tokens to a text and looks for it in the words round them (get_final_text): white space becomes
 * one space, and where it finds nothing, or normalising changed the length, it takes the whole words, which in Chinese
 * are whole passages. Its windows are also padded, and padding can be among the likeliest starts and ends; here there
 * is none.
 *
 * Where no answer is possible it is "empty" from 0 to 0 with logits of 0, as in run_squad.py. Where there may be none
 * it is "" then, and `nullOdds` is the null score itself: of all windows the smallest sum of the first token's logits,
 * or 1,000,000 without windows. Throws `ShapeError` for arrays that are not as long as their window, and for options
 * that are no counts from 1 on.
 */
export function answerSpans(
  windows: readonly AnswerWindow[],
  { context, nBest = 20, maxAnswerTokens = 30, nullThreshold }: AnswerSpansOptions,
): AnswerSpans {
  checkCounts({ nBest, maxAnswerTokens });
  windows.forEach(checkLengths);
  const found = windows.flatMap((window) => candidatesIn(window, context, { nBest, maxAnswerTokens }));
  if (nullThreshold !== undefined) return answerOrNone(windows, found, { nBest, nullThreshold });
  const kept = likeliest(found, nBest);
  const answers = withProbabilities(kept.length > 0 ? kept : [{ ...nowhere, text: "empty" }]);
  return { answer: answers[0]!, nBest: answers, nullOdds: undefined };
}

function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new ShapeError(`answerSpans: ${name} must be a whole number from 1 on, got ${count}`);
  }
}

function checkLengths({ encoding, maxContext, starts, ends }: AnswerWindow, index: number): void {
  const wanted = encoding.length;
  if ([maxContext, starts, ends].every(({ length }) => length === wanted)) return;
  throw new ShapeError(
    `answerSpans: window ${index} of ${wanted} tokens has ${starts.length} starts, ${ends.length} ends and ${maxContext.length} of maxContext: give one a token`,
  );
}

type Candidate = Omit<AnswerSpan, "probability">;

const nowhere: Candidate = { text: "", start: 0, end: 0, startLogit: 0, endLogit: 0 };

/** run_squad.py begins its search for the smallest null score with this. */
const nullScoreWithoutWindows = 1_000_000;

const scoreOf = ({ startLogit, endLogit }: Candidate): number => startLogit + endLogit;

/** Every answer that a window allows from its likeliest starts to its likeliest ends, in that order. */
function candidatesIn(
  { encoding, maxContext, starts, ends }: AnswerWindow,
  context: string,
  { nBest, maxAnswerTokens }: { readonly nBest: number; readonly maxAnswerTokens: number },
): Candidate[] {
  const { ranges, sequenceIds } = encoding;
  const likelyEnds = largestIndexes(ends, nBest)
    .filter((token) => sequenceIds[token] === 1)
    .map((token) => {
      const next = sequenceIds[token + 1] === 1 ? ranges[2 * token + 2]! : context.length;
      return { token, endLogit: ends[token]!, end: endOfMarks(context, ranges[2 * token + 1]!, next) };
    });
  return largestIndexes(starts, nBest)
    .filter((token) => maxContext[token] === 1)
    .flatMap((first) => {
      const start = ranges[2 * first]!;
      return likelyEnds
        .filter(({ token }) => token >= first && token - first < maxAnswerTokens)
        .map(({ endLogit, end }) => ({
          text: context.slice(start, end),
          start,
          end,
          startLogit: starts[first]!,
          endLogit,
        }));
    });
}

/** Where the largest values are, the largest first; of equals the first stays first. */
function largestIndexes(values: Float32Array, count: number): number[] {
  const indexes = Array.from(values.keys());
  return indexes.sort((a, b) => values[b]! - values[a]!).slice(0, count);
}

/** The end of the combining marks from `end` on, which a tokenizer that strips accents leaves out of its ranges. */
function endOfMarks(context: string, end: number, limit: number): number {
  const marks = /\p{M}*/uy;
  marks.lastIndex = end;
  return Math.min(end + marks.exec(context)![0].length, Math.max(end, limit));
}

/** The candidates of the largest sums, each text once; of equals the first stays first. */
function likeliest(candidates: readonly Candidate[], count: number): Candidate[] {
  const byText = new Map<string, Candidate>();
  for (const candidate of [...candidates].sort((a, b) => scoreOf(b) - scoreOf(a))) {
    if (byText.size === count) break;
    if (!byText.has(candidate.text)) byText.set(candidate.text, candidate);
  }
  return [...byText.values()];
}

function withProbabilities(candidates: readonly Candidate[]): AnswerSpan[] {
  const probabilities = softmaxOf(Float64Array.from(candidates, scoreOf));
  return candidates.map((candidate, i) => ({ ...candidate, probability: probabilities[i]! }));
}

/** Weighs the candidates against there being no answer, which the first token's logits stand for. */
function answerOrNone(
  windows: readonly AnswerWindow[],
  found: readonly Candidate[],
  { nBest, nullThreshold }: { readonly nBest: number; readonly nullThreshold: number },
): AnswerSpans {
  const [none = nowhere] = windows
    .map(({ starts, ends }) => ({ ...nowhere, startLogit: starts[0]!, endLogit: ends[0]! }))
    .sort((a, b) => scoreOf(a) - scoreOf(b));
  const kept = likeliest([...found, none], nBest);
  if (!kept.includes(none)) kept.push(none);
  const answers = withProbabilities(kept);
  const best = answers.find(({ text }) => text !== "");
  const nullScore = windows.length > 0 ? scoreOf(none) : nullScoreWithoutWindows;
  const nullOdds = best ? nullScore - best.startLogit - best.endLogit : nullScore;
  const answer = best && nullOdds <= nullThreshold ? best : answers[kept.indexOf(none)]!;
  return { answer, nBest: answers, nullOdds };
}
