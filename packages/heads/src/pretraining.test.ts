import { Embedding } from "@bertkit/layers";
import { gelu, ShapeError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import type { Encoding } from "@bertkit/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { noLabel, Pretraining } from "./index.js";

const sizes = { width: 4, vocabulary: 5, activation: gelu, epsilon: 1e-12 };
const labels = { masked: Int32Array.of(noLabel, 3, 0), next: Int32Array.of(1, 0) };
const lengths = [2, 1].map((length) => ({ length }) as Encoding);

describe.each(Object.entries(backends))("both pre-training heads on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const setUp = () => {
    const words = placedHead(backend(), new Embedding(sizes.vocabulary, sizes.width));
    const hidden = rowsOf(backend(), 4, normals(12));
    const pooled = rowsOf(backend(), 4, normals(8, 3));
    const head = placedHead(backend(), new Pretraining({ ...sizes, words }));
    return {
      head,
      words,
      output: { ...encoded(hidden, [0, 2, 3]), pooled },
      [Symbol.dispose]: () => {
        for (const part of [head, words, hidden, pooled]) part[Symbol.dispose]();
      },
    };
  };

  test("the loss is the sum of both", async () => {
    using all = setUp();
    const { head, output } = all;
    const [masked] = (await valuesOf(() => head.masked.loss(output, labels.masked))).values;
    const [next] = (await valuesOf(() => head.next.loss(output, labels.next))).values;
    expectClose((await valuesOf(() => head.loss(output, labels))).values, [masked! + next!], "float32");
  });

  test("an answer has a sequence's tokens and whether its second text follows", async () => {
    using all = setUp();
    const { head, output } = all;
    const both = await valuesOf(() => head.forward(output));
    expect(both.shape).toEqual([3 * 5 + 2 * 2]);
    const masked = await valuesOf(() => head.masked.forward(output));
    const next = await valuesOf(() => head.next.forward(output));
    const tokens = head.masked.answer(Float32Array.from(masked.values), masked.shape);
    const follows = head.next.answer(Float32Array.from(next.values), next.shape);
    expect(head.answer(Float32Array.from(both.values), both.shape, lengths)).toEqual([
      { tokens: tokens.slice(0, 2), follows: follows[0] },
      { tokens: tokens.slice(2), follows: follows[1] },
    ]);
  });

  test("numbers of other sequences than the encodings' are refused", () => {
    using all = setUp();
    const numbers = new Float32Array(19);
    expect(() => all.head.answer(numbers, [19])).toThrow(ShapeError);
    expect(() => all.head.answer(numbers, [19], lengths.slice(1))).toThrow(
      "19 numbers are not the logits of 1 encodings of 1 tokens: give the encodings",
    );
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss", async () => {
    using all = setUp();
    const parameters = new Map([...all.head.parameters(), ["words", all.words.weight] as const]);
    expect([...parameters.keys()]).toContain("masked.decoder.transform.weight");
    expect([...parameters.keys()]).toContain("next.linear.bias");
    await checkGradients(parameters, () => all.head.loss(all.output, labels));
  });
});
