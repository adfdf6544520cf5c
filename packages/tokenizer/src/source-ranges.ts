import type { Encoding } from "./encoding.js";

/** What an encoding is of: a text, or words that were split before. */
export type EncodedText = string | readonly string[];

type Ranged = Pick<Encoding, "ranges" | "wordIds" | "sequenceIds">;

/**
 * [2 · tokens] The ranges of an encoding's tokens counted in code points, as Python counts; a lone surrogate is one. The
 * texts are those that were encoded.
 */
export function codePointRanges(encoding: Ranged, text: EncodedText, pair?: EncodedText): Int32Array {
  return rangesIn(codePoints, encoding, [text, pair]);
}

/**
 * [2 · tokens] The ranges of an encoding's tokens counted in bytes of UTF-8, in which a lone surrogate has the three of
 * U+FFFD. The texts are those that were encoded.
 */
export function byteRanges(encoding: Ranged, text: EncodedText, pair?: EncodedText): Int32Array {
  return rangesIn(utf8Bytes, encoding, [text, pair]);
}

/** How much a code point counts. */
type Measure = (codePoint: number) => number;

const codePoints: Measure = () => 1;

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

function rangesIn(
  measure: Measure,
  { ranges, wordIds, sequenceIds }: Ranged,
  texts: readonly (EncodedText | undefined)[],
): Int32Array {
  const converted = new Int32Array(ranges.length);
  const rulers = texts.map((text) => (typeof text === "string" ? new Ruler(text, measure) : undefined));
  sequenceIds.forEach((sequence, token) => {
    if (sequence < 0) return;
    const text = texts[sequence];
    // Positions begin anew in each of the words that were split before.
    const ruler = rulers[sequence] ?? new Ruler(text?.[wordIds[token] as number] ?? "", measure);
    converted[2 * token] = ruler.at(ranges[2 * token] as number);
    converted[2 * token + 1] = ruler.at(ranges[2 * token + 1] as number);
  });
  return converted;
}

/** Measures a text up to a position by walking there from where it was last asked, so that it takes little memory and time. */
class Ruler {
  readonly #text: string;
  readonly #measure: Measure;
  #position = 0;
  #measured = 0;

  constructor(text: string, measure: Measure) {
    this.#text = text;
    this.#measure = measure;
  }

  at(position: number): number {
    if (position < this.#position / 2) this.#position = this.#measured = 0;
    while (this.#position < Math.min(position, this.#text.length)) {
      const codePoint = this.#text.codePointAt(this.#position) as number;
      this.#position += codePoint > 0xffff ? 2 : 1;
      this.#measured += this.#measure(codePoint);
    }
    while (this.#position > position) {
      const before = this.#before();
      this.#position -= before > 0xffff ? 2 : 1;
      this.#measured -= this.#measure(before);
    }
    return this.#measured;
  }

  /** The code point that ends at the position. */
  #before(): number {
    const at = this.#position - 1;
    const unit = this.#text.charCodeAt(at);
    const pair = unit >= 0xdc00 && unit <= 0xdfff && at > 0 ? (this.#text.codePointAt(at - 1) as number) : unit;
    return pair > 0xffff ? pair : unit;
  }
}
