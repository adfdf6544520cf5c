/**
 * WGSL's `divideExactly`: the correctly rounded quotient of two float32 ≥ 0, both and the result as bits. A shader's
 * own division may be off by 2.5 units in the last place and take numbers below 2⁻¹²⁶ for 0; levels must be the same
 * everywhere, so this is long division in whole numbers.
 */
export const divideExactly = `
const infinity = 0x7f800000u;
// Mantissa with its leading bit, and the exponent that makes it so.
fn normalized(bits: u32) -> vec2<i32> {
  let exponent = i32(bits >> 23u);
  let fraction = bits & 0x7fffffu;
  if (exponent > 0) { return vec2<i32>(i32(fraction | 0x800000u), exponent); }
  let shift = countLeadingZeros(fraction) - 8u;
  return vec2<i32>(i32(fraction << shift), 1 - i32(shift));
}
fn divideExactly(a: u32, b: u32) -> u32 {
  if (a == 0u) { return 0u; }
  if (b == 0u) { return infinity; }
  let dividend = normalized(a);
  let divisor = u32(normalized(b).x);
  var exponent = dividend.y - normalized(b).y + 127;
  var rest = u32(dividend.x);
  if (rest < divisor) {
    rest <<= 1u;
    exponent -= 1;
  }
  // 24 bits of the quotient and one to round by.
  var quotient = 0u;
  for (var bit = 0; bit < 25; bit++) {
    quotient <<= 1u;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1u;
    }
    rest <<= 1u;
  }
  if (exponent >= 255) { return infinity; }
  var sticky = rest != 0u;
  if (exponent <= 0) {
    let lost = u32(min(1 - exponent, 25));
    sticky = sticky || (quotient & ((1u << lost) - 1u)) != 0u;
    quotient >>= lost;
    exponent = 0;
  }
  let up = (quotient & 1u) == 1u && (sticky || (quotient & 2u) == 2u);
  let mantissa = (quotient >> 1u) + select(0u, 1u, up);
  // The mantissa's leading bit, and a carry out of it, raise the exponent by themselves.
  return (u32(max(exponent - 1, 0)) << 23u) + mantissa;
}
`;
