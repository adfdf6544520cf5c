import { codePointSet, forEachRange } from "./code-point-ranges.js";
import { readNumbers, unfoldSign } from "./read-numbers.js";
import { combiningAfter9, combiningClass14, decomposed14, decomposition14 } from "./tables.js";

/** The full canonical decomposition of a character by Unicode 14.0, without reordering; itself where it has none. */
export function decompositionOf14(codePoint: number): string {
  if (codePoint >= firstSyllable && codePoint < firstSyllable + syllables) return jamoOf(codePoint - firstSyllable);
  steps ??= readSteps();
  const step = steps.get(codePoint);
  if (step === undefined) return String.fromCodePoint(codePoint);
  const [first, second] = step;
  // Only the first of two parts has a decomposition of its own.
  return decompositionOf14(first) + (second === 0 ? "" : String.fromCodePoint(second));
}

/** The same by Unicode 12.1. */
export function decompositionOf12(codePoint: number): string {
  return codePoint === 0x11938 ? "\u{11938}" : decompositionOf14(codePoint); // the one of 13.0; 14.0 has no other
}

/** The canonical combining class of a character by Unicode 14.0; 0 where no ordering moves it. */
export function combiningClassOf14(codePoint: number): number {
  combiningClasses ??= readCombiningClasses();
  return combiningClasses.get(codePoint) ?? 0;
}

/** The same by Unicode 9.0. */
export function combiningClassOf9(codePoint: number): number {
  isLater ??= codePointSet(combiningAfter9);
  return isLater(codePoint) ? 0 : combiningClassOf14(codePoint);
}

// Syllables of Hangul are taken apart by rule: the Unicode Standard, section 3.12.
const firstSyllable = 0xac00;
const syllables = 11172;
const vowels = 21;
const trailing = 28;

let steps: ReadonlyMap<number, readonly [first: number, second: number]> | undefined;
let combiningClasses: ReadonlyMap<number, number> | undefined;
let isLater: ((codePoint: number) => boolean) | undefined;

function jamoOf(syllable: number): string {
  const trail = syllable % trailing;
  const lead = String.fromCharCode(
    0x1100 + Math.floor(syllable / (vowels * trailing)),
    0x1161 + (Math.floor(syllable / trailing) % vowels),
  );
  return trail === 0 ? lead : lead + String.fromCharCode(0x11a7 + trail);
}

function readSteps(): ReadonlyMap<number, readonly [number, number]> {
  const read = new Map<number, readonly [number, number]>();
  const numbers = readNumbers(decomposition14);
  const count = numbers.length / 2;
  let at = 0;
  let first = 0;
  let second = 0;
  forEachRange(decomposed14, (from, to) => {
    for (let codePoint = from; codePoint <= to; codePoint++) {
      first += unfoldSign(numbers[at] as number);
      second += unfoldSign(numbers[count + at++] as number);
      read.set(codePoint, [first, second]);
    }
  });
  return read;
}

function readCombiningClasses(): ReadonlyMap<number, number> {
  const read = new Map<number, number>();
  const numbers = readNumbers(combiningClass14); // gap, how many follow, class
  let codePoint = 0;
  for (let at = 0; at < numbers.length; at += 3) {
    codePoint += numbers[at] as number;
    for (let left = numbers[at + 1] as number; left >= 0; left--) read.set(codePoint++, numbers[at + 2] as number);
  }
  return read;
}
