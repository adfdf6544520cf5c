import { control, inRanges, nonspacingMark, punctuation } from "./unicode-ranges.js";

/** What BERT asks about a character; one bit each. */
export const whitespaceClass = 1;
export const removedClass = 2;
export const punctuationClass = 4;
export const markClass = 8;
export const cjkClass = 16;

/** The classes of one code point as bits. */
export type Classify = (codePoint: number) => number;

/** The classes of Hugging Face's tokenizers: categories of Unicode 8.0, private use removed, CJK from U+2B920. */
export const huggingFaceClasses: Classify = remembered(
  (codePoint) =>
    (isWhitespace(codePoint) ? whitespaceClass : 0) |
    (isRemoved(codePoint) || (!isLineCharacter(codePoint) && inRanges(control, codePoint)) ? removedClass : 0) |
    (isAsciiSymbol(codePoint) || inRanges(punctuation, codePoint) ? punctuationClass : 0) |
    (inRanges(nonspacingMark, codePoint) ? markClass : 0) |
    (isCjk(codePoint, 0x2b920) ? cjkClass : 0),
);

/** The classes of Google's tokenization.py: categories of the engine's Unicode, private use kept, CJK from U+2B820. */
export const googleClasses: Classify = remembered((codePoint) => {
  const character = String.fromCodePoint(codePoint);
  return (
    (isWhitespace(codePoint) ? whitespaceClass : 0) |
    (isRemoved(codePoint) || (!isLineCharacter(codePoint) && /\p{Cc}|\p{Cf}/u.test(character)) ? removedClass : 0) |
    (isAsciiSymbol(codePoint) || /\p{P}/u.test(character) ? punctuationClass : 0) |
    (/\p{Mn}/u.test(character) ? markClass : 0) |
    (isCjk(codePoint, 0x2b820) ? cjkClass : 0)
  );
});

/** Keeps each answer, a byte a code point; pages of the table that no text touches take no memory. */
function remembered(classify: Classify): Classify {
  const known = 128;
  let table: Uint8Array | undefined;
  return (codePoint) => {
    table ??= new Uint8Array(0x110000);
    const classes = table[codePoint] as number;
    if (classes !== 0) return classes & ~known;
    const found = classify(codePoint);
    table[codePoint] = found | known;
    return found;
  };
}

const isLineCharacter = (codePoint: number): boolean => codePoint === 9 || codePoint === 10 || codePoint === 13;

/** Tab, line feed, carriage return and what has the property White_Space but is no control: Zs, U+2028 and U+2029. */
function isWhitespace(codePoint: number): boolean {
  if (codePoint <= 0x20) return codePoint === 0x20 || isLineCharacter(codePoint);
  if (codePoint < 0x1680) return codePoint === 0xa0;
  return (
    codePoint === 0x1680 ||
    (codePoint >= 0x2000 && codePoint <= 0x200a) ||
    codePoint === 0x2028 ||
    codePoint === 0x2029 ||
    codePoint === 0x202f ||
    codePoint === 0x205f ||
    codePoint === 0x3000
  );
}

/** NUL, the replacement character, and the lone surrogates that would become one. */
const isRemoved = (codePoint: number): boolean =>
  codePoint === 0 || codePoint === 0xfffd || (codePoint >= 0xd800 && codePoint <= 0xdfff);

/** The nine ASCII symbols that BERT counts as punctuation though Unicode does not: $ + < = > ^ ` | ~ */
function isAsciiSymbol(codePoint: number): boolean {
  return codePoint < 0x7f && "$+<=>^`|~".includes(String.fromCharCode(codePoint));
}

/** The blocks of Han characters of tokenization.py; the first of extension E is where the references differ. */
function isCjk(codePoint: number, extensionE: number): boolean {
  if (codePoint < 0x3400) return false;
  return (
    (codePoint >= 0x4e00 && codePoint <= 0x9fff) ||
    codePoint <= 0x4dbf ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x20000 && codePoint <= 0x2a6df) ||
    (codePoint >= 0x2a700 && codePoint <= 0x2b73f) ||
    (codePoint >= 0x2b740 && codePoint <= 0x2b81f) ||
    (codePoint >= extensionE && codePoint <= 0x2ceaf) ||
    (codePoint >= 0x2f800 && codePoint <= 0x2fa1f)
  );
}
