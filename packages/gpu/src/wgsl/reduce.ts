/** Workgroup memory and functions that combine a number of each of `threads` invocations, always in the same order. */
export const reductions = (threads: number): string => `
var<workgroup> combined: array<f32, ${threads}>;
fn sumOfGroup(lane: u32, value: f32) -> f32 {
  combined[lane] = value;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) { combined[lane] += combined[lane + half]; }
    workgroupBarrier();
  }
  let total = combined[0];
  workgroupBarrier();
  return total;
}
fn maxOfGroup(lane: u32, value: f32) -> f32 {
  combined[lane] = value;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) { combined[lane] = max(combined[lane], combined[lane + half]); }
    workgroupBarrier();
  }
  let top = combined[0];
  workgroupBarrier();
  return top;
}
`;

/** The lowest float32, where WGSL has no −∞. */
export const lowest = "-3.4028234663852886e38f";
