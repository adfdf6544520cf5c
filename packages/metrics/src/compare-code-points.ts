/**
 * Orders texts by code points, as Python's `sorted` and C's `strcmp` over UTF-8 do; JavaScript's `<` goes by UTF-16
 * units, which puts U+FF00 after U+1F600.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [unitA, unitB] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (unitA !== unitB) return inCodePointOrder(unitA) - inCodePointOrder(unitB);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, so U+E000 to U+FFFF go below them. */
function inCodePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
