import { type Backend, openReference, Tensor, type UnaryKind } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openWasm } from "../index.js";

const reference = openReference({ precision: "float64" });

/** The largest error allowed: in units of the last place of the true value, and in itself where cancellation rules. */
const accuracy: Record<UnaryKind, { from: number; to: number; ulps?: number; absolute?: number }> = {
  negate: { from: -5, to: 5, ulps: 0 },
  exp: { from: -103, to: 88.7, ulps: 1 },
  log: { from: 1e-3, to: 1e3, ulps: 1 },
  sqrt: { from: 0, to: 1e6, ulps: 0.5 },
  reciprocal: { from: -5, to: 5, ulps: 0.5 },
  tanh: { from: -12, to: 12, ulps: 1.5 },
  sigmoid: { from: -80, to: 80, ulps: 2.5 },
  erf: { from: -6, to: 6, ulps: 1.25 },
  relu: { from: -5, to: 5, ulps: 0 },
  step: { from: -5, to: 5, ulps: 0 },
  // |x| ≤ 8 below: errors grow with x as its last place does.
  gelu: { from: -8, to: 8, absolute: 2.5e-7 },
  geluSlope: { from: -15, to: 15, absolute: 1.5e-7 },
  geluTanh: { from: -8, to: 8, absolute: 6e-7 },
  geluTanhSlope: { from: -15, to: 15, absolute: 6e-7 },
};

describe.each([true, false])("element-wise functions, fused multiply-add %s", (fusedMultiplyAdd) => {
  const backend = useBackend(() => openWasm({ fusedMultiplyAdd }));

  test.each(Object.keys(accuracy) as UnaryKind[])("%s is as accurate as it says", async (kind) => {
    const { from, to, ulps = Number.POSITIVE_INFINITY, absolute = Number.POSITIVE_INFINITY } = accuracy[kind];
    const xs = samples(from, to);
    const [actual, expected] = [await compute(backend(), kind, xs), await compute(reference, kind, xs)];
    let [worstUlps, worst] = [0, 0];
    for (const [i, value] of expected.entries()) {
      const error = Math.abs(actual[i]! - value);
      if (Math.fround(value) === actual[i]) continue;
      worst = Math.max(worst, error);
      worstUlps = Math.max(worstUlps, error / lastPlace(value));
    }
    expect(worstUlps).toBeLessThanOrEqual(ulps);
    expect(worst).toBeLessThanOrEqual(absolute);
  });

  const { NaN: none, POSITIVE_INFINITY: infinity } = Number;
  const special = [0, -0, 1e-40, 100, -200, 1e30, -1e30, infinity, -infinity, none];
  test.each([
    ["exp", [1, 1, 1, infinity, 0, infinity, 0, infinity, 0, none]],
    ["tanh", [0, -0, 1e-40, 1, -1, 1, -1, 1, -1, none]],
    ["erf", [0, -0, 1.128379e-40, 1, -1, 1, -1, 1, -1, none]],
    ["sigmoid", [0.5, 0.5, 0.5, 1, 0, 1, 0, 1, 0, none]],
    [
      "log",
      [
        -infinity,
        -infinity,
        Math.log(Math.fround(1e-40)),
        Math.log(100),
        none,
        Math.log(1e30),
        none,
        infinity,
        none,
        none,
      ],
    ],
    ["relu", [0, -0, 1e-40, 100, 0, 1e30, 0, infinity, 0, none]],
    ["gelu", [0, -0, 5e-41, 100, 0, 1e30, 0, infinity, 0, none]],
    ["geluSlope", [0.5, 0.5, 0.5, 1, 0, 1, 0, 1, 0, none]],
    ["geluTanh", [0, -0, 5e-41, 100, -0, 1e30, -0, infinity, none, none]],
    ["geluTanhSlope", [0.5, 0.5, 0.5, 1, 0, 1, 0, 1, 0, none]],
  ] as const)("%s of zeros, tiny and huge numbers, infinities and NaN", async (kind, expected) => {
    const actual = await compute(backend(), kind, Float32Array.from(special));
    for (const [i, value] of expected.entries()) {
      const size = Math.abs(value);
      if (Number.isFinite(size) && size > 0) expect(actual[i]! / value).toBeCloseTo(1, 4);
      else expect(actual[i]).toBe(value);
    }
  });
});

/** A dense row over the range, and powers of two of both signs, where the range has both. */
function samples(from: number, to: number): Float32Array {
  const dense = Array.from({ length: 40_001 }, (_, i) => from + ((to - from) * i) / 40_000);
  const tiny = Array.from({ length: 4000 }, (_, i) => (i % 2 ? 1 : -1) * 2 ** (-30 + i / 150));
  return Float32Array.from([...dense, ...tiny.filter((x) => x >= from && x <= to)]);
}

async function compute(on: Backend, kind: UnaryKind, xs: Float32Array) {
  using x = Tensor.from(on, xs);
  using out = Tensor.empty(on, x.shape);
  on.kernels.unary(kind, x, out);
  return out.read();
}

/** The distance between neighbouring floats at a value. */
function lastPlace(value: number): number {
  return 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);
}
