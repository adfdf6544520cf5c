import { Embedding } from "@bertkit/layers";
import { gelu, lossAndGradients, ShapeError, scale } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { MaskedLanguage, type MaskedLanguageOptions, noLabel } from "./index.js";

const sizes = { width: 4, vocabulary: 7, activation: gelu, epsilon: 1e-12 };

describe.each(Object.entries(backends))("a masked-language head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const tableOf = (): Embedding => placedHead(backend(), new Embedding(sizes.vocabulary, sizes.width));
  const headOf = (words: Embedding, options: Partial<MaskedLanguageOptions> = {}): MaskedLanguage =>
    placedHead(backend(), new MaskedLanguage({ ...sizes, words, ...options }));

  test("the logits of a few tokens are rows of all tokens' logits", async () => {
    using words = tableOf();
    using head = headOf(words);
    using hidden = rowsOf(backend(), 4, normals(20));
    const output = encoded(hidden, [0, 2, 5]);
    const all = await valuesOf(() => head.forward(output));
    const few = await valuesOf(() => head.logitsAt(output, Int32Array.of(4, 1)));
    expect(all.shape).toEqual([5, 7]);
    expect(few.shape).toEqual([2, 7]);
    expectClose(few.values, [...all.values.slice(28, 35), ...all.values.slice(7, 14)], "float32");
  });

  test("its loss is the mean surprise at the labels, and makes nothing of tokens without one", async () => {
    using words = tableOf();
    using head = headOf(words);
    const numbers = normals(20);
    using hidden = rowsOf(backend(), 4, numbers);
    const { values } = await valuesOf(() => head.forward(encoded(hidden, [0, 5])));
    const surprise = (row: number, label: number): number => {
      const logits = values.slice(7 * row, 7 * row + 7);
      return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label]!;
    };
    const poisoned = numbers.map((x, i) => (i < 4 || i >= 16 ? Number.NaN : x));
    using partly = rowsOf(backend(), 4, poisoned);
    const labels = Int32Array.of(noLabel, 6, 0, 3, noLabel);
    const loss = await valuesOf(() => head.loss(encoded(partly, [0, 2, 5]), labels));
    expect(loss.shape).toEqual([]);
    expectClose(loss.values, [(surprise(1, 6) + surprise(2, 0) + surprise(3, 3)) / 3], "float32");
  });

  test("a batch without labels is an error, or nothing to learn where the count is offset", async () => {
    using words = tableOf();
    using head = headOf(words);
    using google = headOf(words, { countOffset: 1e-5 });
    using hidden = rowsOf(backend(), 4, normals(8));
    const output = encoded(hidden, [0, 2]);
    const none = Int32Array.of(noLabel, noLabel);
    await expect(valuesOf(() => head.loss(output, none))).rejects.toThrow("the mean of no numbers");
    expect((await valuesOf(() => google.loss(output, none))).values).toEqual([0]);
    using found = lossAndGradients([words.weight], () => scale(google.loss(output, none), 2));
    expect(found.gradients.size).toBe(0);
  });

  test("an offset of the count makes the loss smaller", async () => {
    using words = tableOf();
    using head = headOf(words);
    using offset = headOf(words, { countOffset: 1 });
    using hidden = rowsOf(backend(), 4, normals(12));
    const output = encoded(hidden, [0, 3]);
    const labels = Int32Array.of(1, noLabel, 2);
    const [whole] = (await valuesOf(() => head.loss(output, labels))).values;
    expectClose((await valuesOf(() => offset.loss(output, labels))).values, [(whole! * 2) / 3], "float32");
  });

  test("it answers with the likeliest token of each row", () => {
    using words = tableOf();
    using head = headOf(words);
    const logits = Float32Array.from([1, 3, 4, 2, 1, 1], Math.log);
    const guesses = head.answer(logits, [2, 3]);
    expect(guesses.map(({ id }) => id)).toEqual([2, 0]);
    expectClose(
      guesses.map(({ probability }) => probability),
      [0.5, 0.5],
      "float32",
    );
  });

  test("labels for other tokens, and rows that are none, are named", () => {
    using words = tableOf();
    using head = headOf(words);
    using hidden = rowsOf(backend(), 4, normals(8));
    const output = encoded(hidden, [0, 2]);
    expect(() => head.loss(output, Int32Array.of(1))).toThrow(ShapeError);
    expect(() => head.loss(output, Int32Array.of(1))).toThrow("1 labels for 2 tokens: give each one, -100 where");
    expect(() => head.logitsAt(output, Int32Array.of(0, 2))).toThrow("row 2 is none of a batch's 2 tokens");
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss, the word table's too", async () => {
    using words = tableOf();
    using head = headOf(words, { countOffset: 0.5 });
    using hidden = rowsOf(backend(), 4, normals(20));
    const parameters = new Map([...head.parameters(), ["words", words.weight] as const]);
    const labels = Int32Array.of(2, noLabel, 6, 0, noLabel);
    await checkGradients(parameters, () => head.loss(encoded(hidden, [0, 2, 5]), labels));
  });
});
