import { Embedding, QuantizedEmbedding } from "@bertkit/layers";
import { gelu, identity, ShapeError } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { LanguageDecoder } from "./index.js";

describe.each(Object.entries(backends))("a language decoder on the %s backend", (_, open) => {
  const backend = useBackend(open);

  test("compares what it makes of a token with each word", async () => {
    using words = placedHead(backend(), new Embedding(3, 2), { weight: [1, 0, 0, 1, 3, 1] });
    const options = { width: 2, vocabulary: 3, activation: identity, epsilon: 0, words };
    using decoder = placedHead(backend(), new LanguageDecoder(options), {
      "transform.weight": [0, 1, 1, 0],
      "transform.bias": [1, 0],
      "norm.weight": [1, 2],
      "norm.bias": [0, 0.5],
      bias: [0.25, 0, 0],
    });
    using hidden = rowsOf(backend(), 2, [5, 1]);
    // Turned round and shifted it is [2, 5], normalised [−1, 1], scaled and shifted again [−1, 2.5].
    const { values, shape } = await valuesOf(() => decoder.forward(hidden));
    expect(shape).toEqual([1, 3]);
    expectClose(values, [-0.75, 2.5, -0.5], "float32");
  });

  test("borrows the words: they are no parameters of its own, and stay when it goes", async () => {
    using words = placedHead(backend(), new Embedding(3, 2));
    const decoder = placedHead(
      backend(),
      new LanguageDecoder({ width: 2, vocabulary: 3, activation: gelu, epsilon: 1e-12, words }),
    );
    expect(Array.from(decoder.parameters(), ([path]) => path)).toEqual([
      "transform.weight",
      "transform.bias",
      "norm.weight",
      "norm.bias",
      "bias",
    ]);
    expect([decoder.words, decoder.activation]).toEqual([words, gelu]);
    decoder[Symbol.dispose]();
    expect(await words.weight.read()).toHaveLength(6);
  });

  test("words in int8 give the logits of the rows that they stand for", async () => {
    // More rows than become floats at a time, with levels to the ends of their range.
    const [vocabulary, width] = [5000, 24];
    using floats = placedHead(backend(), new Embedding(vocabulary, width));
    using words = await QuantizedEmbedding.from(floats);
    const ids = Int32Array.from({ length: vocabulary }, (_, i) => i);
    using rows = placedHead(backend(), new Embedding(vocabulary, width), {
      weight: (await valuesOf(() => words.forward(ids))).values,
    });
    using hidden = rowsOf(backend(), width, normals(3 * width));
    const logits = async (table: Embedding): Promise<number[]> => {
      const options = { width, vocabulary, activation: gelu, epsilon: 1e-12, words: table };
      using decoder = placedHead(backend(), new LanguageDecoder(options));
      const { values, shape } = await valuesOf(() => decoder.forward(hidden));
      expect(shape).toEqual([3, vocabulary]);
      return values;
    };
    expectClose(await logits(words), await logits(rows), "float32");
  });

  test("a narrower table, of factorised embeddings, sets the width between the two maps", async () => {
    using decoder = new LanguageDecoder({
      width: 4,
      vocabulary: 3,
      activation: gelu,
      epsilon: 1e-12,
      words: new Embedding(3, 2),
    });
    expect(Array.from(decoder.parameters(), ([path, { shape }]) => [path, shape])).toEqual([
      ["transform.weight", [2, 4]],
      ["transform.bias", [2]],
      ["norm.weight", [2]],
      ["norm.bias", [2]],
      ["bias", [3]],
    ]);
  });

  test("a table of another vocabulary is named with what it should be", () => {
    const options = { width: 4, vocabulary: 3, activation: gelu, epsilon: 1e-12, words: new Embedding(4, 4) };
    expect(() => new LanguageDecoder(options)).toThrow(ShapeError);
    expect(() => new LanguageDecoder(options)).toThrow("a word table [4, 4] does not fit 3 tokens");
  });
});
