import { describe, expect, test } from "@jest/globals";
import { Random } from "./random.js";

describe("random choices", () => {
  test("are the same for the same seed and others for another", () => {
    const drawn = (seed: string) => Array.from(new Random(seed).bytes(32));
    expect(drawn("1/npy/7")).toEqual(drawn("1/npy/7"));
    expect(drawn("1/npy/7")).not.toEqual(drawn("1/npy/8"));
    expect(drawn("1/npy/7")).not.toEqual(drawn("2/npy/7"));
  });

  test("cover all that there is to choose, each about as often", () => {
    const random = new Random("cover");
    const counts = new Map<number, number>();
    for (let i = 0; i < 8000; i++) {
      const drawn = random.below(8);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });

  test("make mischief in some cases and leave others alone", () => {
    const wrong = Array.from({ length: 100 }, (_, i) => {
      const random = new Random(`mischief/${i}`);
      return random.several(200, () => random.orWrong(0, () => 1)).filter((value) => value === 1).length;
    });
    expect(wrong.filter((count) => count === 0).length).toBeGreaterThan(10);
    expect(wrong.filter((count) => count > 20).length).toBeGreaterThan(10);
  });
});
