import { openReference, RandomStream, ShapeError, Tensor, tidy } from "@bertkit/tensor";
import { expectClose, largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import { DecoderBlock, type DecoderBlockOptions, type DecoderForwardOptions } from "./index.js";

const options = { width: 4, heads: 2, innerWidth: 7 };
// Two targets of three tokens and of two; their sources have two tokens and four.
const offsets = Int32Array.of(0, 3, 5);
const sourceOffsets = Int32Array.of(0, 2, 6);
const targets = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i + 1));
const sources = Float32Array.from({ length: 24 }, (_, i) => Math.cos(2 * i));

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "a decoder block on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    /** What comes out for these numbers, [tokens, width] flat. */
    async function run(
      block: DecoderBlock,
      { x = targets, source = sources, random }: { x?: Float32Array; source?: Float32Array; random?: RandomStream },
    ): Promise<number[]> {
      using input = Tensor.from(backend(), x, [5, 4]);
      using hidden = Tensor.from(backend(), source, [6, 4]);
      const context = { hidden, offsets: sourceOffsets };
      using output = tidy(() => block.forward(input, offsets, { context, random }).hidden);
      return [...(await output.read())];
    }
    const made = (more: Partial<DecoderBlockOptions> = {}) =>
      filled(new DecoderBlock({ ...options, epsilon: 1e-5, ...more }), backend());
    /** The numbers of which tokens differ. */
    const changed = (a: readonly number[], b: readonly number[]): number[] =>
      [0, 1, 2, 3, 4].filter((token) =>
        largestDifference(a.slice(4 * token, 4 * token + 4), b.slice(4 * token, 4 * token + 4)),
      );

    test.each(["post", "pre"] as const)(
      "%s-LN: a token sees no later one of its sequence and no other sequence",
      async (norm) => {
        using block = made({ norm });
        const before = await run(block, {});
        const x = targets.slice();
        x[4] = 3; // token 1
        expect(changed(before, await run(block, { x }))).toEqual([1, 2]);
        using open = made({ norm, causal: false });
        expect(changed(await run(open, {}), await run(open, { x }))).toEqual([0, 1, 2]);
      },
    );

    test.each(["post", "pre"] as const)("%s-LN: every token sees all of its own source, and no other", async (norm) => {
      using block = made({ norm });
      const before = await run(block, {});
      const source = sources.slice();
      source[23] = 3; // the last source's last token
      expect(changed(before, await run(block, { source }))).toEqual([3, 4]);
    });

    test("parts that write nothing leave pre-LN's input as it was, and post-LN's normalised", async () => {
      for (const norm of ["pre", "post"] as const) {
        using block = made({ norm });
        for (const [path, parameter] of block.parameters()) {
          const isLast = /output|contract/.test(path);
          const value = isLast || path.endsWith("Norm.bias") ? 0 : 1;
          parameter.write(new Float32Array(parameter.shape.reduce((size, extent) => size * extent, 1)).fill(value));
        }
        const x = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 100 : 300));
        const expected = norm === "pre" ? x : x.map((value) => (value === 100 ? -1 : 1));
        expectClose(await run(block, { x }), expected, "float32");
      }
    });

    test("both attentions' weights come on request, and add up to 1 for each query", async () => {
      using block = made();
      using x = Tensor.from(backend(), targets, [5, 4]);
      using hidden = Tensor.from(backend(), sources, [6, 4]);
      const forward = (more: Partial<DecoderForwardOptions>) =>
        block.forward(x, offsets, { context: { hidden, offsets: sourceOffsets }, ...more });
      tidy(() => {
        const { weights, crossWeights } = forward({});
        expect([weights, crossWeights]).toEqual([undefined, undefined]);
        return undefined;
      });
      const kept = tidy(() => {
        const { weights, crossWeights } = forward({ kept: "probabilities" });
        return [weights!, crossWeights!];
      });
      const [own, cross] = await Promise.all(kept.map((tensor) => tensor.read()));
      for (const tensor of kept) tensor.dispose();
      // Sequence after sequence, [heads, queries, keys].
      expect([own!.length, cross!.length]).toEqual([2 * (3 * 3 + 2 * 2), 2 * (3 * 2 + 2 * 4)]);
      expect([own![1], own![2]]).toEqual([0, 0]);
      for (let row = 0; row < 6; row++) expect(cross![2 * row]! + cross![2 * row + 1]!).toBeCloseTo(1, 5);
    });

    test("dropout is the stream's: the same seed drops the same, no stream drops nothing", async () => {
      using block = made({ hiddenDropout: 0.5, attentionDropout: 0.5 });
      const seeded = (seed: number) => run(block, { random: new RandomStream(seed) });
      expect(await seeded(1)).toEqual(await seeded(1));
      expect(await seeded(1)).not.toEqual(await seeded(2));
      using whole = made();
      expect(await run(block, {})).toEqual(await run(whole, {}));
    });

    test("a context of another number of sequences is an error", () => {
      using block = made();
      using x = Tensor.from(backend(), targets, [5, 4]);
      const context = { hidden: x, offsets: Int32Array.of(0, 5) };
      expect(() => tidy(() => block.forward(x, offsets, { context }).hidden)).toThrow(ShapeError);
    });
  },
);

test("heads must divide the width", () => {
  expect(() => new DecoderBlock({ width: 10, heads: 4, innerWidth: 8 })).toThrow(
    new ShapeError("4 heads do not divide a width of 10"),
  );
});
