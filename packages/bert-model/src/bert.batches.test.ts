import { tidy, type Values } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Bert } from "./bert.js";
import { batchOf, tinyBert } from "./fixtures/tiny-bert.js";

/** A sequence is its length and the seed of its ids. */
const sequence = fc.record({ length: fc.integer({ min: 1, max: 40 }), seed: fc.nat(1000) });
type Sequence = { readonly length: number; readonly seed: number };

// The second's extents are no multiple of any register's or panel's.
const models = [
  { width: 24, heads: 3, innerWidth: 40 },
  { width: 10, heads: 2, innerWidth: 23 },
] as const;
const kept = [undefined, "probabilities"] as const;

describe("on the wasm backend", () => {
  const backend = useBackend(() => openWasm());

  test.each(models)(
    "a sequence has the same numbers to the bit, whatever it is batched with: width $width",
    async (fields) => {
      using bert = tinyBert(backend(), fields);
      const options = fc.record({ attention: fc.constantFrom(...kept), prepared: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(
          sequence,
          fc.array(sequence, { minLength: 2, maxLength: 5 }),
          options,
          async (own, others, { attention, prepared }) => {
            if (prepared) bert.prepare();
            else bert.restore();
            const alone = await numbersOf(bert, [own], 0, attention);
            const middle = Math.floor(others.length / 2);
            for (const place of [0, middle, others.length]) {
              const batch = [...others.slice(0, place), own, ...others.slice(place)];
              expect(await numbersOf(bert, batch, place, attention)).toEqual(alone);
            }
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});

/** Hidden states, pooled vector and attention weights of the sequence at `place`, as bits. */
async function numbersOf(
  bert: Bert,
  sequences: readonly Sequence[],
  place: number,
  attention: (typeof kept)[number],
): Promise<Uint32Array[]> {
  const batch = batchOf(
    sequences.map(({ length }) => length),
    sequences.map(({ seed }) => seed),
  );
  const tensors = tidy(() => {
    const output = bert.forward(batch, { attention });
    return [output.hidden, output.pooled!, ...output.attention];
  });
  const [hidden, pooled, ...weights] = await Promise.all(tensors.map((tensor) => tensor.read()));
  for (const tensor of tensors) tensor.dispose();
  const { width, heads } = bert.config;
  const [from, to] = [batch.offsets[place]!, batch.offsets[place + 1]!];
  const before = sequences.slice(0, place).reduce((total, { length }) => total + heads * length * length, 0);
  return [
    bitsOf(hidden!, from * width, to * width),
    bitsOf(pooled!, place * width, (place + 1) * width),
    ...weights.map((values) => bitsOf(values, before, before + heads * (to - from) ** 2)),
  ];
}

const bitsOf = (values: Values, from: number, to: number): Uint32Array =>
  new Uint32Array(Float32Array.from(values.subarray(from, to)).buffer);
