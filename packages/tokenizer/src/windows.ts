import type { BertTokenizer } from "./bert-tokenizer.js";
import type { WindowOptions } from "./encode-options.js";
import type { Encoding, Stretch } from "./encoding.js";
import { type Frame, fittingLengths, framed, frameOf } from "./fit.js";
import { TokenBuffer } from "./token-buffer.js";
import { TokenizerError } from "./tokenizer-error.js";

/**
 * Windows over a text, or over a pair, that is too long for one sequence, in the order of Hugging Face's overflowing
 * tokens: they cover every token, and neighbours share `stride` tokens. `truncation` says who is cut into windows,
 * `truncationSide: "left"` begins with the text's end. If both are cut, each window of the one meets each of the other:
 * their number is a product, so they are made one by one.
 * @throws {TokenizerError} as `encode`; `invalid_option` where the stride is not below the window; `maximum_too_short`
 * where there is no room for a token.
 */
export function encodeWindows(
  tokenizer: BertTokenizer,
  text: string | readonly string[],
  options: WindowOptions,
): IterableIterator<Encoding> {
  const { pair, stride = 0 } = options;
  const frame = frameOf(tokenizer, pair !== undefined, options);
  checkStride(stride, frame.budget);
  const texts = (pair === undefined ? [text] : [text, pair]).map((given) => allTokens(tokenizer, given));
  const counts = fittingLengths(texts, frame);
  const stretches = texts.map((tokens, index) => {
    const count = counts[index] as number;
    if (count < tokens.length) checkStride(stride, count);
    return windowStretches(tokens, { count, stride, side: frame.truncationSide });
  });
  return combinations(stretches, frame);
}

function allTokens(tokenizer: BertTokenizer, text: string | readonly string[]): TokenBuffer {
  const bare = { addSpecialTokens: false };
  const encoding = typeof text === "string" ? tokenizer.encode(text, bare) : tokenizer.encodeWords(text, bare);
  const { ids, ranges, wordIds } = encoding;
  const tokens = new TokenBuffer();
  for (const [at, id] of ids.entries()) {
    tokens.push(id, ranges[2 * at] as number, ranges[2 * at + 1] as number, wordIds[at] as number);
  }
  return tokens;
}

function checkStride(stride: number, window: number): void {
  if (window === 0) {
    throw new TokenizerError("maximum_too_short", "maxLength: windows need room for a token of each text that is cut");
  }
  if (Number.isInteger(stride) && stride >= 0 && stride < window) return;
  throw new TokenizerError(
    "invalid_option",
    `stride: wanted a whole number of tokens below the window's ${window}, not ${stride}: allow more, or share fewer`,
  );
}

/** The windows over one text: `count` tokens each, of which `stride` are those of the window before. */
function windowStretches(
  tokens: TokenBuffer,
  { count, stride, side }: { count: number; stride: number; side: "left" | "right" },
): Stretch[] {
  const { length } = tokens;
  if (count === length) return [{ tokens, from: 0, count }];
  const stretches: Stretch[] = [];
  for (let done = 0; ; done += count - stride) {
    const kept = Math.min(count, length - done);
    stretches.push({ tokens, from: side === "right" ? done : length - done - kept, count: kept });
    if (done + kept === length) return stretches;
  }
}

/** Window by window, as there can be a great many: the first pair, the rest of the first text's with all, its first with the rest. */
function* combinations([first = [], second]: readonly Stretch[][], frame: Frame): Generator<Encoding> {
  if (second === undefined) {
    for (const stretch of first) yield framed([stretch], frame);
    return;
  }
  const [start, ...rest] = first as [Stretch, ...Stretch[]];
  const [other, ...others] = second as [Stretch, ...Stretch[]];
  yield framed([start, other], frame);
  for (const stretch of rest) for (const facing of second) yield framed([stretch, facing], frame);
  for (const facing of others) yield framed([start, facing], frame);
}
