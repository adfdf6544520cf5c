import { codePointSet } from "./code-point-ranges.js";
import { readNumbers, unfoldSign } from "./read-numbers.js";
import { cased14, caseIgnorable14, lowerCase17, lowerCaseAfter14 } from "./tables.js";

/** The lower case of one character by Unicode 17.0, whatever stands around it. */
export function lowerCaseOf17(codePoint: number): string {
  mappings ??= readMappings();
  // SpecialCasing.txt: the one character whose lower case is longer in every language.
  if (codePoint === 0x130) return "i\u0307";
  return String.fromCodePoint(mappings.get(codePoint) ?? codePoint);
}

/** The lower case of one character by Unicode 14.0, whatever stands around it. */
export function lowerCaseOf14(codePoint: number): string {
  isLater ??= codePointSet(lowerCaseAfter14);
  return isLater(codePoint) ? String.fromCodePoint(codePoint) : lowerCaseOf17(codePoint);
}

/** Whether the Σ at a place ends a word, so that its lower case is ς (Final_Sigma of the Unicode Standard, section 3.13). */
export function isFinalSigma(text: string, at: number): boolean {
  return nextToCased(text, at, -1) && !nextToCased(text, at, 1);
}

let mappings: ReadonlyMap<number, number> | undefined;
let isLater: ((codePoint: number) => boolean) | undefined;
let isCased: ((codePoint: number) => boolean) | undefined;
let isIgnorable: ((codePoint: number) => boolean) | undefined;

function readMappings(): ReadonlyMap<number, number> {
  const read = new Map<number, number>();
  const numbers = readNumbers(lowerCase17); // gap, how many follow, step - 1, distance
  let codePoint = 0;
  for (let at = 0; at < numbers.length; at += 4) {
    codePoint += numbers[at] as number;
    const step = (numbers[at + 2] as number) + 1;
    const distance = unfoldSign(numbers[at + 3] as number);
    for (let left = numbers[at + 1] as number; left >= 0; left--) {
      read.set(codePoint, codePoint + distance);
      codePoint += step;
    }
    codePoint += 1 - step;
  }
  return read;
}

/** Whether the next character that case does not ignore, in a direction, has case. */
function nextToCased(text: string, from: number, direction: -1 | 1): boolean {
  isCased ??= codePointSet(cased14);
  isIgnorable ??= codePointSet(caseIgnorable14);
  for (let at = from + direction; at >= 0 && at < text.length; at += direction) {
    const unit = text.charCodeAt(at);
    if (direction < 0 && at > 0 && unit >= 0xdc00 && unit <= 0xdfff) at--;
    const codePoint = text.codePointAt(at) as number;
    if (direction > 0 && codePoint > 0xffff) at++;
    if (!isIgnorable(codePoint)) return isCased(codePoint);
  }
  return false;
}
