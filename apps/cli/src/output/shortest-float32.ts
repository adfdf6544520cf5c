/**
 * The number that `String` spells with the fewest decimal digits of all that read back to the same float32 (rounding
 * through float64, as JSON readers do). -0, NaN and infinities are returned as they are.
 */
export function shortestFloat32(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const size = Math.abs(value);
  // Below a power of two floats lie closer, so that the decimal nearest to it may not fit while one farther away, on the
  // wide side, does. If there is one, the one nearest to the middle of that side is one.
  const middle = Number.isInteger(Math.log2(size)) ? value * (1 + 2 ** -25) : value;
  if (size < 1e-13 || size >= 2 ** 24) return shortestByText(value, middle);
  // Decimal grids from coarse to fine. Both terms of the quotients are exact, so each is the float64 nearest to its
  // decimal, and where that has so few digits String prints exactly them.
  for (let decimals = Math.max(0, -Math.ceil(Math.log10(size))); decimals <= 22; decimals++) {
    const scale = powersOfTen[decimals] as number;
    const nearest = Math.round(value * scale) / scale;
    if (Math.fround(nearest) === value) return nearest;
    if (middle === value) continue;
    const outward = Math.round(middle * scale) / scale;
    if (Math.fround(outward) === value) return outward;
  }
  return value;
}

const powersOfTen = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** The same, slowly: for what is so small or so large that powers of ten are not exact. 9 digits tell all float32 apart. */
function shortestByText(value: number, middle: number): number {
  for (let digits = 1; digits < 9; digits++) {
    for (const aim of [value, middle]) {
      const candidate = Number(aim.toPrecision(digits));
      if (Math.fround(candidate) === value) return candidate;
    }
  }
  return Number(value.toPrecision(9));
}
