import { readNumbers } from "./read-numbers.js";

/** Calls a function with the first and the last code point of each range of a table, in order. */
export function forEachRange(table: string, visit: (first: number, last: number) => void): void {
  const numbers = readNumbers(table);
  let end = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    const first = end + (numbers[at] as number);
    const last = first + (numbers[at + 1] as number);
    visit(first, last);
    end = last + 1;
  }
}

/** Answers whether a table of ranges holds a code point; the table is read when first asked. */
export function codePointSet(table: string): (codePoint: number) => boolean {
  let bounds: number[] | undefined; // first of each range, and what follows its last
  return (codePoint) => {
    bounds ??= boundsOf(table);
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] as number) <= codePoint) low = middle + 1;
      else high = middle;
    }
    return low % 2 === 1;
  };
}

function boundsOf(table: string): number[] {
  const bounds: number[] = [];
  forEachRange(table, (first, last) => {
    bounds.push(first, last + 1);
  });
  return bounds;
}
