/**
 * Spells numbers as Python's `json.dumps([round(float(x), 6) for x in values])` does, without the brackets: at six
 * decimals, an exact tie to the even one; `1.0`, `-0.0`, `1e-06` and `1e+16`. Every value must be finite.
 */
export function sixDecimals(values: Float32Array): string {
  const text = new Uint8Array(values.length * (longest + separator.length));
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    if (i > 0) at = spellAscii(text, at, separator);
    at = spell(text, at, values[i]!);
  }
  return ascii.decode(text.subarray(0, at));
}

const separator = ", ";
/** Characters of the longest number, such as -3.4028234663852886e+38. */
const longest = 23;
const ascii = new TextDecoder("latin1");

const digit0 = 48;
const point = 46;
const minus = 45;

/** From here on a float32 is a whole number: rounding leaves it as it is. */
const allWhole = 2 ** 24;
/** Below 2^51, adding and subtracting it rounds to a whole number, a tie to the even one. */
const rounder = 1.5 * 2 ** 52;

/** Writes one number's characters; the place after them. */
function spell(text: Uint8Array, start: number, value: number): number {
  const size = value < 0 ? -value : value;
  if (size >= allWhole) return spellAscii(text, start, spelledWhole(value));
  let at = start;
  if (value < 0 || (value === 0 && 1 / value < 0)) text[at++] = minus;
  // Exact: a float32 has 24 binary digits and 10^6 = 2^6 · 15625 adds 14 to them, of the 53 of a double.
  const millionths = size * 1e6 + rounder - rounder;
  if (millionths < 100 && millionths > 0) return spellAscii(text, at, spelledTiny(millionths));
  const whole = (millionths / 1e6) | 0;
  at = spellDigits(text, at, whole, digitsOf(whole));
  text[at++] = point;
  return spellFraction(text, at, (millionths - whole * 1e6) | 0);
}

/** Python takes exponents from 1e16 on, JavaScript from 1e21 on. */
const spelledWhole = (value: number): string => (Math.abs(value) < 1e16 ? `${value}.0` : value.toExponential());

/** From 0.000001 to 0.000099, where Python takes exponents of two digits. */
const spelledTiny = (millionths: number): string => (millionths < 10 ? `${millionths}e-06` : `${millionths / 10}e-05`);

function digitsOf(whole: number): number {
  let digits = 1;
  for (let power = 10; power <= whole; power *= 10) digits++;
  return digits;
}

/** Of whole numbers below 2^31. */
function spellDigits(text: Uint8Array, at: number, whole: number, digits: number): number {
  let rest = whole;
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    text[place] = digit0 + (rest - 10 * tenth);
    rest = tenth;
  }
  return at + digits;
}

/** Six digits without the zeros at their end, one digit at least. */
function spellFraction(text: Uint8Array, at: number, millionths: number): number {
  let end = spellDigits(text, at, millionths, 6);
  while (end > at + 1 && text[end - 1] === digit0) end--;
  return end;
}

function spellAscii(text: Uint8Array, at: number, characters: string): number {
  for (let i = 0; i < characters.length; i++) text[at + i] = characters.charCodeAt(i);
  return at + characters.length;
}
