import { type BertTokenizer, type Encoding, TokenizerError } from "@bertkit/tokenizer";
import { checkTokenCounts, tokenWindows } from "./token-windows.js";

/** A question and the text that is to answer it. */
export interface QuestionInContext {
  readonly question: string;
  readonly context: string;
}

/** How {@link questionWindows} cuts. */
export interface QuestionWindowOptions {
  /** Tokens of a window at most, special tokens included. Default 384. */
  readonly maxLength?: number | undefined;
  /** How many of the context's tokens later the next window begins; a whole window where that is less. Default 128. */
  readonly stride?: number | undefined;
  /** Tokens of the question at most; the rest is cut off its end. Default 64. */
  readonly maxQuestionLength?: number | undefined;
}

/** A question with as much of its context as fits beside it. */
export interface QuestionWindow {
  /**
   * The question and a piece of the context. Ranges and word numbers are those of the whole texts, and `truncated` says
   * whether the question was cut: the context goes on in other windows.
   */
  readonly encoding: Encoding;
  /** Where its piece begins among the tokens of the context, from 0. */
  readonly first: number;
  /** How many tokens of the context it has. */
  readonly count: number;
  /**
   * [tokens] 1 for the tokens of the context that have more context here than in any other window, so that each has it
   * in one window; 0 for the rest, the question's and special tokens.
   */
  readonly maxContext: Uint8Array;
  /** [2 · tokens of the context] Start and end of all of them in UTF-16 units; the windows of a context share them. */
  readonly contextRanges: Int32Array;
}

/** A stretch of a text in UTF-16 units, from `start` up to and without `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The windows over a context in which a question is answered, in their order (Devlin et al. 2019, section 4.2; the
 * sliding windows of Google's run_squad.py). Question and context are tokenised once. A question without words is asked
 * with special tokens alone; a context without words has no windows.
 * @throws {TokenizerError} `invalid_option`; `maximum_too_short` where question and special tokens leave no room.
 */
export function questionWindows(
  tokenizer: BertTokenizer,
  { question, context }: QuestionInContext,
  { maxLength = 384, stride = 128, maxQuestionLength = 64 }: QuestionWindowOptions = {},
): readonly QuestionWindow[] {
  checkTokenCounts({ maxLength, stride }, 1);
  checkTokenCounts({ maxQuestionLength }, 0);
  const asked = tokenizer.encode(question, { addSpecialTokens: false, maxLength: maxQuestionLength });
  const read = tokenizer.encode(context, { addSpecialTokens: false });
  const { ids, ranges, wordIds } = read;
  const room = roomForContext(tokenizer, asked.length, maxLength);
  const { spans, holders } = tokenWindows(read.length, { room, stride });
  const encodingOf = windowEncodings(tokenizer, asked);
  return spans.map(({ first, count }, window) => {
    const end = first + count;
    const encoding = encodingOf({
      ids: ids.subarray(first, end),
      ranges: ranges.subarray(2 * first, 2 * end),
      wordIds: wordIds.subarray(first, end),
    });
    const maxContext = new Uint8Array(encoding.length);
    const begins = encoding.sequenceIds.indexOf(1);
    for (let token = 0; token < count; token++) if (holders[first + token] === window) maxContext[begins + token] = 1;
    return { encoding, first, count, maxContext, contextRanges: ranges };
  });
}

/**
 * The first and the last token of a window, counted in its encoding, that an answer needs: the fewest that cover its
 * range in the context, so that one which begins or ends inside a token takes it whole. Undefined where not all of them
 * are in the window, and where the range is empty or has no token; what to train on is then [0, 0], the first token.
 * run_squad.py looks for the tokens of the answer's text among those of the words round it instead, and where it
 * doesn't find them it keeps these words, with the punctuation that touches them.
 */
export function answerPosition(
  { encoding, first, count, contextRanges }: QuestionWindow,
  { start, end }: TextRange,
): readonly [start: number, end: number] | undefined {
  let firstCovering = -1;
  let lastCovering = -1;
  for (let token = 0; start < end && 2 * token < contextRanges.length; token++) {
    if ((contextRanges[2 * token] as number) >= end || (contextRanges[2 * token + 1] as number) <= start) continue;
    if (firstCovering < 0) firstCovering = token;
    lastCovering = token;
  }
  if (firstCovering < first || lastCovering >= first + count) return undefined;
  const shift = encoding.sequenceIds.indexOf(1) - first;
  return [firstCovering + shift, lastCovering + shift];
}

function roomForContext(tokenizer: BertTokenizer, questionTokens: number, maxLength: number): number {
  const special = tokenizer.addedTokenCount(true);
  const room = maxLength - special - questionTokens;
  if (room > 0) return room;
  throw new TokenizerError(
    "maximum_too_short",
    `maxLength: ${maxLength} has no room for context beside a question of ${questionTokens} tokens and ${special} special tokens: allow more, or lower maxQuestionLength`,
  );
}

/** What is known of each token of a text, or of special tokens. */
interface TokenArrays {
  readonly ids: Int32Array;
  readonly ranges: Int32Array;
  readonly wordIds: Int32Array;
}

/** The tokens in one place of a template. */
interface Stretch extends TokenArrays {
  readonly sequence: number;
  readonly typeId: number;
}

/** Puts pieces of a context beside a question, as the tokenizer's template for pairs has them. */
function windowEncodings(tokenizer: BertTokenizer, question: Encoding): (context: TokenArrays) => Encoding {
  const places = tokenizer.settings.templates.pair.pieces.map((piece) =>
    "ids" in piece
      ? { sequence: -1, typeId: piece.typeId, ...specialTokens(piece.ids) }
      : { sequence: piece.sequence, typeId: piece.typeId, ...arraysOf(question) },
  );
  return (context) =>
    new WindowEncoding(
      places.map((place) => (place.sequence === 1 ? { ...place, ...context } : place)),
      { tokenizer, truncated: question.truncated },
    );
}

const arraysOf = ({ ids, ranges, wordIds }: Encoding): TokenArrays => ({ ids, ranges, wordIds });

const specialTokens = (ids: readonly number[]): TokenArrays => ({
  ids: Int32Array.from(ids),
  ranges: new Int32Array(2 * ids.length),
  wordIds: new Int32Array(ids.length).fill(-1),
});

/** Keeps its ids and views of the texts' tokens; the rest is made from them. */
class WindowEncoding implements Encoding {
  readonly ids: Int32Array;
  readonly truncated: boolean;
  readonly #stretches: readonly Stretch[];
  readonly #tokenizer: BertTokenizer;

  constructor(
    stretches: readonly Stretch[],
    { tokenizer, truncated }: { tokenizer: BertTokenizer; truncated: boolean },
  ) {
    this.ids = joined(stretches.map(({ ids }) => ids));
    this.truncated = truncated;
    this.#stretches = stretches;
    this.#tokenizer = tokenizer;
  }

  get length(): number {
    return this.ids.length;
  }

  get ranges(): Int32Array {
    return joined(this.#stretches.map(({ ranges }) => ranges));
  }

  get wordIds(): Int32Array {
    return joined(this.#stretches.map(({ wordIds }) => wordIds));
  }

  get tokens(): readonly string[] {
    return Array.from(this.ids, (id) => this.#tokenizer.vocabulary.token(id) ?? "");
  }

  get typeIds(): Int32Array {
    return joined(this.#stretches.map(({ ids, typeId }) => ids.map(() => typeId)));
  }

  get sequenceIds(): Int32Array {
    return joined(this.#stretches.map(({ ids, sequence }) => ids.map(() => sequence)));
  }

  get specialMask(): Uint8Array {
    return Uint8Array.from(this.sequenceIds, (sequence) => (sequence < 0 ? 1 : 0));
  }
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
