import { describe, expect, test } from "@jest/globals";
import { hash, keeps, keepThreshold, RandomStream } from "./random.js";

// Computed apart from this code, with Python's integers. Other backends pin the same numbers.
const seeds = [0, 1, 42, 0xffffffff];
const hashes: readonly (readonly [index: number, ...values: number[]])[] = [
  [0, 0, 2261973619, 671623878, 2578835075],
  [1, 3405691463, 2841986018, 3645815631, 306117789],
  [2, 3401107691, 2720207012, 3477495392, 3885578421],
  [12345, 1561514587, 3107405949, 4095301194, 1896974932],
  [0xffffffff, 1309431664, 4024915180, 4130757144, 1341191919],
];

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [meanA, meanB] = [average(a), average(b)];
  const product = average(a.map((x, i) => (x - meanA) * (b[i]! - meanB)));
  return product / Math.sqrt(average(a.map((x) => (x - meanA) ** 2)) * average(b.map((y) => (y - meanB) ** 2)));
};

describe("hash", () => {
  test("gives these numbers on every machine", () => {
    for (const [index, ...values] of hashes) expect(seeds.map((seed) => hash(seed, index))).toEqual(values);
  });

  test("counts seeds and indices modulo 2³²", () => {
    expect(hash(-1, 5)).toBe(hash(0xffffffff, 5));
    expect(hash(7, 2 ** 32 + 5)).toBe(hash(7, 5));
  });

  test("turns about half of the bits over when one bit of seed or index changes", () => {
    const bitsOf = (value: number): number => value.toString(2).replaceAll("0", "").length;
    for (let bit = 0; bit < 32; bit++) {
      const flips = draw(500, () => 0).map((_, i) => bitsOf((hash(9, i) ^ hash(9, (i ^ (1 << bit)) >>> 0)) >>> 0));
      const seedFlips = flips.map((_, i) => bitsOf((hash(i, 9) ^ hash((i ^ (1 << bit)) >>> 0, 9)) >>> 0));
      expect(Math.abs(average(flips) - 16)).toBeLessThan(1);
      expect(Math.abs(average(seedFlips) - 16)).toBeLessThan(1);
    }
  });
});

describe("keeps", () => {
  test("gives these masks on every machine", () => {
    const mask = (rate: number): string =>
      draw(32, () => 0)
        .map((_, i) => Number(keeps(7, i, rate)))
        .join("");
    expect(mask(0.5)).toBe("11000101101101101001101101000110");
    expect(mask(0.1)).toBe("11111111111101111111111101110111");
    expect(mask(0)).toBe("1".repeat(32));
    expect(mask(1)).toBe("0".repeat(32));
  });

  test("compares the upper 24 bits with the threshold", () => {
    expect([keepThreshold(0), keepThreshold(0.5), keepThreshold(1)]).toEqual([0, 0x800000, 0x1000000]);
    expect(keepThreshold(0.1)).toBe(1677722);
  });
});

describe("RandomStream", () => {
  test("draws these numbers from seed 42", () => {
    const [seeds, uniforms, normals] = [new RandomStream(42), new RandomStream(42), new RandomStream(42)];
    expect(draw(4, () => seeds.nextSeed())).toEqual([671623878, 3645815631, 3477495392, 2907309951]);
    expect(draw(2, () => uniforms.uniform())).toEqual([0.15637457370758057, 0.848857581615448]);
    // Math.log and Math.cos may differ in the last bit between engines.
    const found = draw(2, () => normals.normal());
    expect(Math.abs(found[0]! - 0.3393864308668847)).toBeLessThan(1e-14);
    expect(Math.abs(found[1]! + 0.807411690195585)).toBeLessThan(1e-14);
  });

  test("goes on where a saved one stopped", () => {
    const stream = new RandomStream(6);
    draw(5, () => stream.normal());
    const resumed = new RandomStream(stream.seed, stream.index);
    expect([stream.index, draw(3, () => resumed.normal())]).toEqual([10, draw(3, () => stream.normal())]);
  });

  test("uniform numbers lie in [0, 1), with their mean and variance", () => {
    const stream = new RandomStream(3);
    const values = draw(50_000, () => stream.uniform());
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24))).toBe(true);
    expect(Math.abs(average(values) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 50_000));
    expect(Math.abs(average(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.0015);
  });

  test("normal numbers have the first four moments of the normal distribution", () => {
    const stream = new RandomStream(3);
    const values = draw(50_000, () => stream.normal());
    const moment = (power: number): number => average(values.map((value) => value ** power));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(50_000));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / 50_000));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / 50_000));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / 50_000));
  });

  test("streams of neighbouring seeds, and a stream and its own past, are not correlated", () => {
    const size = 20_000;
    const limit = 4 / Math.sqrt(size);
    const streamOf = (seed: number): number[] => {
      const stream = new RandomStream(seed);
      return draw(size, () => stream.uniform());
    };
    const first = streamOf(1);
    for (const seed of [0, 2, 3, 1000, 0x80000001])
      expect(Math.abs(correlation(first, streamOf(seed)))).toBeLessThan(limit);
    for (const lag of [1, 2, 7]) {
      expect(Math.abs(correlation(first.slice(lag), first.slice(0, -lag)))).toBeLessThan(limit * 1.01);
    }
  });
});
