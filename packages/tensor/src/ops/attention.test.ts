import { describe, expect, test } from "@jest/globals";
import type { AttentionLayout } from "../backend.js";
import { fusedReference } from "../fixtures/fused-reference.js";
import { type Nested, tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { RandomStream } from "../random.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { placed, weightedSum } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { tidy } from "../tidy.js";
import { attention, attentionMix, attentionScores, attentionSoftmax, weightsIn } from "./attention.js";

const layout = (heads: number, queries: number[], keys = queries, causal = false): AttentionLayout => ({
  heads,
  queryOffsets: Int32Array.from(queries),
  keyOffsets: Int32Array.from(keys),
  causal,
});

describe("attention", () => {
  const backend = useBackend(() => openReference());
  const t = (nested: Nested): Tensor => tensorOf(backend(), nested);
  // Width 4, so the scale is 1/2; the scores are 0 and ln 3, the weights 1/4 and 3/4.
  const query = (): Tensor => t([[[2, 0, 0, 0]]]);
  const key = (): Tensor => t([[[0, 5, 5, 5]], [[Math.log(3), -5, 0, 0]]]);
  const value = (): Tensor => t([[[4, 0, 0, 8]], [[8, 0, 4, 0]]]);
  const cross = layout(1, [0, 1], [0, 2]);

  test("scores, probabilities and their mix, worked out by hand", async () => {
    expectClose((await valuesOf(() => attentionScores(query(), key(), cross))).values, [0, 1.0986122887], 1e-7);
    expectClose((await valuesOf(() => attentionSoftmax(t([0, Math.log(3)]), cross))).values, [0.25, 0.75], 1e-7);
    const mixed = { shape: [1, 1, 4], values: [7, 0, 3, 2] };
    expect(await valuesOf(() => attentionMix(t([0.25, 0.75]), value(), cross))).toEqual(mixed);
    const whole = await valuesOf(() => attention(query(), key(), value(), cross));
    expect(whole.shape).toEqual([1, 1, 4]);
    expectClose(whole.values, mixed.values, 1e-6);
  });

  test("sequences do not see each other, heads neither, and one may be empty", async () => {
    const two = layout(2, [0, 1, 1, 3]);
    expect(weightsIn(two)).toBe(2 * (1 + 0 + 4));
    // All scores are equal, so each query gets the mean of its own sequence and head.
    const zero = (): Tensor => Tensor.from(backend(), new Float32Array(6), [3, 2, 1]);
    const values = (): Tensor =>
      t([
        [[1], [10]],
        [[2], [20]],
        [[4], [60]],
      ]);
    const result = await valuesOf(() => attention(zero(), zero(), values(), two));
    expect(result).toEqual({ shape: [3, 2, 1], values: [1, 10, 3, 40, 3, 40] });
  });

  test("causal: a query sees the keys up to its own place, counted from the end", async () => {
    const causal = layout(1, [0, 3], undefined, true);
    const zero = (): Tensor => Tensor.from(backend(), new Float32Array(9));
    const third = Math.fround(1 / 3);
    const weights = [1, 0, 0, 0.5, 0.5, 0, third, third, third];
    expect((await valuesOf(() => attentionSoftmax(zero(), causal))).values).toEqual(weights);
    const later = layout(1, [0, 2], [0, 4], true);
    const eight = (): Tensor => Tensor.from(backend(), new Float32Array(8));
    expect((await valuesOf(() => attentionSoftmax(eight(), later))).values).toEqual([
      ...[third, third, third, 0],
      ...[0.25, 0.25, 0.25, 0.25],
    ]);
  });

  test("causal with more queries than keys: those that see none give zeros, not NaN, and no gradient", async () => {
    const short = layout(1, [0, 3], [0, 1], true);
    using queries = placed(backend(), Float32Array.of(1, 2, 3), [3, 1, 1]);
    using keys = placed(backend(), Float32Array.of(0.5), [1, 1, 1]);
    using values = placed(backend(), Float32Array.of(7), [1, 1, 1]);
    expect((await valuesOf(() => attention(queries, keys, values, short))).values).toEqual([0, 0, 7]);
    using result = lossAndGradients([queries, keys, values], () =>
      weightedSum(attention(queries, keys, values, short)),
    );
    expect([...(await result.gradients.get(queries)!.read())]).toEqual([0, 0, 0]);
    expect([...(await result.gradients.get(keys)!.read())]).toEqual([0]);
  });

  test("queries without keys give zeros; keys without queries give nothing", async () => {
    const noKeys = await valuesOf(() => attention(t([[[1]]]), empty(), empty(), layout(1, [0, 1], [0, 0])));
    expect(noKeys).toEqual({ shape: [1, 1, 1], values: [0] });
    const noQueries = await valuesOf(() => attention(empty(), t([[[1]]]), t([[[1]]]), layout(1, [0, 0], [0, 1])));
    expect(noQueries).toEqual({ shape: [0, 1, 1], values: [] });
    function empty(): Tensor {
      return Tensor.from(backend(), new Float32Array(0), [0, 1, 1]);
    }
  });

  test("a random stream drops probabilities and nothing else does", async () => {
    const run = (random?: RandomStream) =>
      valuesOf(() => attention(query(), key(), value(), cross, { dropoutRate: 0.5, random }));
    const dropped = (await run(new RandomStream(1))).values;
    expectClose((await run()).values, [7, 0, 3, 2], 1e-6);
    // Each weight is either dropped or doubled.
    const possible = [
      [0, 0, 0, 0],
      [2, 0, 0, 4],
      [12, 0, 6, 0],
      [14, 0, 6, 4],
    ];
    const close = possible.filter((values) => values.every((x, i) => Math.abs(x - dropped[i]!) < 1e-5));
    expect(close).toHaveLength(1);
  });

  test("what does not fit its offsets is named", () => {
    expect(thrown(() => attention(query(), key(), value(), layout(1, [0, 2], [0, 2])))).toBe(
      "ShapeError: attention: query must be [2, 1, headWidth] as its offsets say, got [1, 1, 4]",
    );
    expect(thrown(() => attention(query(), key(), value(), layout(2, [0, 1], [0, 2])))).toContain(
      "must be [1, 2, headWidth]",
    );
    expect(thrown(() => attention(query(), key(), value(), layout(1, [0, 1], [0, 1, 2])))).toBe(
      "ShapeError: attention: 1 sequences of queries but 2 of keys",
    );
    expect(thrown(() => attention(query(), t([[[1, 2]]]), value(), layout(1, [0, 1])))).toBe(
      "ShapeError: attention: head widths differ, [1, 1, 4] and [1, 1, 2]",
    );
    expect(thrown(() => attention(query(), key(), query(), cross))).toBe(
      "ShapeError: attention: value must be [2, 1, 4], got [1, 1, 4]",
    );
    expect(thrown(() => attentionScores(query(), key(), layout(1, [0, 1], [1, 2])))).toBe(
      "ShapeError: attentionScores: key offsets must ascend from 0 to the 2 rows, got [1, 2]",
    );
    expect(thrown(() => attentionSoftmax(t([1, 2, 3]), cross))).toBe(
      "ShapeError: attentionSoftmax: scores must be [2], got [3]",
    );
    expect(thrown(() => attentionMix(t([1, 2]), query(), cross))).toBe(
      "ShapeError: attentionMix: value must be [2, 1, headWidth] as its offsets say, got [1, 1, 4]",
    );
  });
});

describe("attention with a fused kernel that has no backward", () => {
  const { backend: fused, used } = fusedReference();
  const backend = useBackend(() => fused);
  const self = layout(1, [0, 2]);

  test("is used where no gradient is needed, and gives the same numbers", async () => {
    used.attention = 0;
    using x = placed(backend(), Float32Array.of(1, 2, 3, 4), [2, 1, 2]);
    const [quick] = [await valuesOf(() => attention(x, x, x, self))];
    expect(used.attention).toBe(1);
    const slow = await valuesOf(() => attentionMix(attentionSoftmax(attentionScores(x, x, self), self), x, self));
    expect(quick).toEqual(slow);
  });

  test("is not used while recording, nor with dropout", () => {
    used.attention = 0;
    using x = placed(backend(), Float32Array.of(1, 2, 3, 4), [2, 1, 2]);
    using result = lossAndGradients([x], () => weightedSum(attention(x, x, x, self)));
    expect(result.gradients.has(x)).toBe(true);
    tidy(() => attention(x, x, x, self, { dropoutRate: 0.1, random: new RandomStream(1) })).dispose();
    expect(used.attention).toBe(0);
  });

  test("checks shapes like the composition does", () => {
    expect(thrown(() => attention(...three([2, 1, 2], [2, 1, 2], [2, 1, 1]), self))).toBe(
      "ShapeError: attention: value must be [2, 1, 2], got [2, 1, 1]",
    );
    function three(...shapes: number[][]): [Tensor, Tensor, Tensor] {
      return shapes.map((shape) => Tensor.empty(backend(), shape)) as [Tensor, Tensor, Tensor];
    }
  });
});
