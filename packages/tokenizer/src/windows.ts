import type { Encoding, Stretch } from "./encoding.js";
import { type Frame, fittingLengths, framed } from "./fit.js";
import type { TokenBuffer } from "./token-buffer.js";
import { TokenizerError } from "./tokenizer-error.js";

/**
 * The windows over texts of which one, or both, don't fit: those of Hugging Face's overflowing tokens, in their order. The
 * windows follow each other from the end that is kept; where both texts are cut, each window of one meets each of the other.
 * @throws {TokenizerError} `maximum_too_short` where there is no room for a token, or cutting only one text does not
 * suffice; `invalid_option` where the stride is no whole number below the window.
 */
export function windowEncodings(texts: readonly TokenBuffer[], frame: Frame, stride: number): Generator<Encoding> {
  checkStride(stride, frame.budget);
  const counts = fittingLengths(texts, frame);
  const stretches = texts.map((tokens, index) => {
    const count = counts[index] as number;
    if (count < tokens.length) checkStride(stride, count);
    return windowStretches(tokens, { count, stride, side: frame.truncationSide });
  });
  return combinations(stretches, frame);
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
