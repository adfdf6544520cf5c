/** Whole numbers from 0 as text: five bits a character, lowest first, a sixth where more follow; from `?` (63) on. */
export function writeNumbers(numbers: Iterable<number>): string {
  let text = "";
  for (const number of numbers) {
    if (!Number.isInteger(number) || number < 0) throw new RangeError(`wanted whole numbers from 0, not ${number}`);
    let rest = number;
    for (; rest > 31; rest = Math.floor(rest / 32)) text += String.fromCharCode(63 + 32 + (rest % 32));
    text += String.fromCharCode(63 + rest);
  }
  return text;
}

/** Puts numbers of either sign among those from 0: 0, -1, 1, -2, 2 … */
export function foldSign(number: number): number {
  return number < 0 ? -2 * number - 1 : 2 * number;
}

/** Ranges of code points, in order, as the gap before each and how many follow its first. */
export function rangeNumbers(codePoints: readonly number[]): number[] {
  const numbers: number[] = [];
  let end = 0;
  for (let at = 0; at < codePoints.length; ) {
    const first = codePoints[at] as number;
    let last = first;
    while (codePoints[++at] === last + 1) last++;
    numbers.push(first - end, last - first);
    end = last + 1;
  }
  return numbers;
}
