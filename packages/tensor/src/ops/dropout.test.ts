import { describe, expect, test } from "@jest/globals";
import { valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { keeps, RandomStream } from "../random.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { ones } from "./create.js";
import { dropout } from "./dropout.js";
import { sum } from "./sum.js";

describe("dropout", () => {
  const backend = useBackend(() => openReference());

  test("keeps what `keeps` says, scaled by 1 / (1 − rate)", async () => {
    const random = new RandomStream(17);
    const seed = new RandomStream(17).nextSeed();
    const { values } = await valuesOf(() => dropout(ones(backend(), [100]), 0.2, random));
    expect(values).toEqual(Array.from({ length: 100 }, (_, i) => (keeps(seed, i, 0.2) ? 1.25 : 0)));
    expect(random.index).toBe(1);
  });

  test.each([0.1, 0.5, 0.9])("at rate %p keeps about as many as it should", async (rate) => {
    const size = 20_000;
    const { values } = await valuesOf(() => dropout(ones(backend(), [size]), rate, new RandomStream(3)));
    const kept = values.filter((value) => value !== 0).length;
    // Four deviations of a binomial count.
    expect(Math.abs(kept - size * (1 - rate))).toBeLessThan(4 * Math.sqrt(size * rate * (1 - rate)));
  });

  test("two calls drop different elements, two streams of one seed the same", async () => {
    const [first, second] = [new RandomStream(5), new RandomStream(5)];
    const draw = async (random: RandomStream): Promise<number[]> =>
      (await valuesOf(() => dropout(ones(backend(), [64]), 0.5, random))).values;
    const [a, b] = [await draw(first), await draw(first)];
    expect(a).not.toEqual(b);
    expect([await draw(second), await draw(second)]).toEqual([a, b]);
  });

  test("the gradient passes where the element was kept", async () => {
    using x = placed(backend(), new Float32Array(50).fill(2), [50]);
    using result = lossAndGradients([x], () => sum(dropout(x, 0.5, new RandomStream(8))));
    const gradient = [...(await result.gradients.get(x)!.read())];
    const seed = new RandomStream(8).nextSeed();
    expect(gradient).toEqual(Array.from({ length: 50 }, (_, i) => (keeps(seed, i, 0.5) ? 2 : 0)));
  });

  test("without a stream, or at rate 0, x itself comes back", () => {
    using x = ones(backend(), [3]);
    const random = new RandomStream(1);
    expect(dropout(x, 0.5)).toBe(x);
    expect(dropout(x, 0, random)).toBe(x);
    expect(random.index).toBe(0);
  });

  test("a rate that is no fraction is refused, with a stream or without", () => {
    const at = (rate: number): string => thrown(() => dropout(ones(backend(), [1]), rate));
    expect(at(1)).toBe("RangeError: dropout: the rate must be from 0 to below 1, got 1");
    expect(at(-0.1)).toContain("got -0.1");
    expect(at(Number.NaN)).toContain("got NaN");
  });
});
