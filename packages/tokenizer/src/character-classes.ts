import { forEachRange } from "./unicode/code-point-ranges.js";
import { control8, control14, mark8, mark14, punctuation8, punctuation14 } from "./unicode/tables.js";

/** What BERT asks about a character; one bit each. */
export const whitespaceClass = 1;
export const removedClass = 2;
export const punctuationClass = 4;
export const markClass = 8;
export const cjkClass = 16;

/** The classes of one code point as bits. */
export type Classify = (codePoint: number) => number;

/** The classes of Hugging Face's tokenizers: categories of Unicode 8.0, private use removed, CJK from U+2B920. */
export const huggingFaceClasses: Classify = (codePoint) => {
  huggingFaceTable ??= classTable({
    control: control8,
    punctuation: punctuation8,
    mark: mark8,
    extensionE: 0x2b920,
  });
  return huggingFaceTable[codePoint] as number;
};

/** The classes of Google's tokenization.py in Python 3.11: Unicode 14.0, private use kept, CJK from U+2B820. */
export const googleClasses: Classify = (codePoint) => {
  googleTable ??= classTable({
    control: control14,
    punctuation: punctuation14,
    mark: mark14,
    extensionE: 0x2b820,
  });
  return googleTable[codePoint] as number;
};

let huggingFaceTable: Uint8Array | undefined;
let googleTable: Uint8Array | undefined;

interface ClassSources {
  readonly control: string;
  readonly punctuation: string;
  readonly mark: string;
  /** Where the CJK block of extension E begins, in which the references differ. */
  readonly extensionE: number;
}

/** A byte a code point; pages of the table that nothing marks or asks for take no memory. */
function classTable({ control, punctuation, mark, extensionE }: ClassSources): Uint8Array {
  const table = new Uint8Array(0x110000);
  const add = (bits: number) => (first: number, last: number) => {
    for (let codePoint = first; codePoint <= last; codePoint++) table[codePoint] = (table[codePoint] as number) | bits;
  };
  forEachRange(control, add(removedClass));
  add(removedClass)(0xd800, 0xdfff); // a lone surrogate is what a decoder would have made U+FFFD
  add(removedClass)(0xfffd, 0xfffd);
  forEachRange(punctuation, add(punctuationClass));
  for (const symbol of "$+<=>^`|~") add(punctuationClass)(symbol.charCodeAt(0), symbol.charCodeAt(0));
  forEachRange(mark, add(markClass));
  for (const [first, last] of hanBlocks) add(cjkClass)(first, last);
  add(cjkClass)(extensionE, 0x2ceaf);
  for (const [first, last] of whitespace) table.fill(whitespaceClass, first, last + 1);
  return table;
}

/** Tab, line feed, carriage return and what has the property White_Space but is no control: Zs, U+2028 and U+2029. */
const whitespace = [
  [0x09, 0x0a],
  [0x0d, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
] as const;

/** The blocks of Han characters of tokenization.py, but for extension E. */
const hanBlocks = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2f800, 0x2fa1f],
] as const;
