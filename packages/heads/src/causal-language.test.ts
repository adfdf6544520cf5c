import { Embedding } from "@bertkit/layers";
import { gelu, ShapeError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { CausalLanguage, noLabel } from "./index.js";

const sizes = { width: 4, vocabulary: 7, activation: gelu, epsilon: 1e-12 };

describe.each(Object.entries(backends))("a causal language head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const tableOf = (): Embedding => placedHead(backend(), new Embedding(sizes.vocabulary, sizes.width));
  const headOf = (words: Embedding): CausalLanguage => placedHead(backend(), new CausalLanguage({ ...sizes, words }));

  test("its loss is each token's surprise at the next one of its own sequence", async () => {
    using words = tableOf();
    using head = headOf(words);
    const numbers = normals(20);
    using hidden = rowsOf(backend(), 4, numbers);
    const { values, shape } = await valuesOf(() => head.forward(encoded(hidden, [0, 3, 5])));
    expect(shape).toEqual([5, 7]);
    const surprise = (row: number, label: number): number => {
      const logits = values.slice(7 * row, 7 * row + 7);
      return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[label]!;
    };
    // What would be noticed if the last token of a sequence, rows 2 and 4, had to guess one of the next.
    using partly = rowsOf(
      backend(),
      4,
      numbers.map((x, i) => (Math.floor(i / 4) === 2 || i >= 16 ? Number.NaN : x)),
    );
    const loss = await valuesOf(() => head.loss(encoded(partly, [0, 3, 5]), Int32Array.of(5, 1, 2, 6, 3)));
    expect(loss.shape).toEqual([]);
    expectClose(loss.values, [(surprise(0, 1) + surprise(1, 2) + surprise(3, 3)) / 3], "float32");
  });

  test("a token without a label is not guessed", async () => {
    using words = tableOf();
    using head = headOf(words);
    using hidden = rowsOf(backend(), 4, normals(12));
    const only = await valuesOf(() => head.loss(encoded(hidden, [0, 3]), Int32Array.of(4, noLabel, 2)));
    const [first] = (await valuesOf(() => head.loss(encoded(hidden, [0, 3]), Int32Array.of(4, 5, 2)))).values;
    const [other] = (await valuesOf(() => head.loss(encoded(hidden, [0, 3]), Int32Array.of(4, 5, noLabel)))).values;
    expectClose(only.values, [2 * first! - other!], "float32");
  });

  test("nothing to guess, and labels for other tokens, are errors", async () => {
    using words = tableOf();
    using head = headOf(words);
    using hidden = rowsOf(backend(), 4, normals(8));
    await expect(valuesOf(() => head.loss(encoded(hidden, [0, 1, 2]), Int32Array.of(1, 2)))).rejects.toThrow(
      ShapeError,
    );
    expect(() => head.loss(encoded(hidden, [0, 2]), Int32Array.of(1, 2, 3))).toThrow("3 labels for 2 tokens");
  });

  test("it answers with the likeliest next token after each row", () => {
    using words = tableOf();
    using head = headOf(words);
    expect(head.answer(Float32Array.of(0, 1, 3, 2), [2, 2]).map(({ id }) => id)).toEqual([1, 0]);
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss, the word table's too", async () => {
    using words = tableOf();
    using head = headOf(words);
    using hidden = rowsOf(backend(), 4, normals(20));
    const parameters = new Map([...head.parameters(), ["words", words.weight] as const]);
    const labels = Int32Array.of(2, 4, noLabel, 0, 1);
    await checkGradients(parameters, () => head.loss(encoded(hidden, [0, 3, 5]), labels));
  });
});
