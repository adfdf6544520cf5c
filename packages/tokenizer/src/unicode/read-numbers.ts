/** Reads the numbers of a table: five bits a character, lowest first, a sixth where more follow; from `?` (63) on. */
export function readNumbers(table: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let shift = 0;
  for (let at = 0; at < table.length; at++) {
    const digit = table.charCodeAt(at) - 63;
    number |= (digit & 31) << shift;
    shift += 5;
    if (digit > 31) continue;
    numbers.push(number);
    number = 0;
    shift = 0;
  }
  return numbers;
}

/** Undoes the folding of numbers of either sign: 0, -1, 1, -2, 2 … */
export function unfoldSign(folded: number): number {
  return folded & 1 ? -((folded + 1) >> 1) : folded >> 1;
}
