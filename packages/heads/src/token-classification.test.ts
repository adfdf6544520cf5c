import { ConfigError } from "@bertkit/layers";
import { RandomStream, ShapeError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import type { Encoding } from "@bertkit/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { noLabel, TokenClassification } from "./index.js";

const labels = ["O", "B-PER"];
const encodingsOf = (...lengths: number[]): Encoding[] => lengths.map((length) => ({ length }) as Encoding);

describe("what a tagging head answers", () => {
  const head = new TokenClassification({ width: 2, labels });
  const logits = Float32Array.from([1, 3, 4, 1, 1, 1], Math.log);

  test("each sequence's tokens with a probability for each label", () => {
    const answers = head.answer(logits, [3, 2], encodingsOf(1, 2));
    expect(answers.map((tokens) => tokens.length)).toEqual([1, 2]);
    expectClose(
      answers.flat().flatMap((scores) => [...scores]),
      [0.25, 0.75, 0.8, 0.2, 0.5, 0.5],
      "float32",
    );
  });

  test("without encodings all tokens are one sequence's", () => {
    expect(head.answer(logits, [3, 2])).toEqual([head.answer(logits, [3, 2], encodingsOf(1, 2)).flat()]);
  });

  test("encodings of other tokens are refused", () => {
    expect(() => head.answer(logits, [3, 2], encodingsOf(1, 3))).toThrow(ShapeError);
    expect(() => head.answer(logits, [3, 2], encodingsOf(1, 3))).toThrow("3 rows of numbers for encodings of 4 tokens");
  });

  test("a head without labels is an error", () => {
    expect(() => new TokenClassification({ width: 2, labels: [] })).toThrow(ConfigError);
  });
});

describe.each(Object.entries(backends))("a tagging head on the %s backend", (name, open) => {
  const backend = useBackend(open);

  test("its loss is the mean surprise of the tokens that have a label, and reads no other", async () => {
    using head = placedHead(backend(), new TokenClassification({ width: 2, labels }), {
      "linear.weight": [1, 0, 0, 1],
      "linear.bias": [0, Math.log(3)],
    });
    using hidden = rowsOf(backend(), 2, [0, 0, Number.NaN, Number.NaN, Math.log(9), 0]);
    const logits = await valuesOf(() => head.forward(encoded(hidden, [0, 1, 3])));
    expect(logits.shape).toEqual([3, 2]);
    const loss = await valuesOf(() => head.loss(encoded(hidden, [0, 1, 3]), Int32Array.of(0, noLabel, 1)));
    expect(loss.shape).toEqual([]);
    expectClose(loss.values, [Math.log(4)], "float32");
  });

  test("no label at all, and labels for other tokens, are errors", async () => {
    using head = placedHead(backend(), new TokenClassification({ width: 2, labels }));
    using hidden = rowsOf(backend(), 2, [1, 2]);
    const lossOf = (given: Int32Array) => valuesOf(() => head.loss(encoded(hidden, [0, 1]), given));
    await expect(lossOf(Int32Array.of(noLabel))).rejects.toThrow(ShapeError);
    await expect(lossOf(Int32Array.of(0, 1))).rejects.toThrow("2 labels for 1 tokens");
    await expect(lossOf(Int32Array.of(2))).rejects.toThrow("label 2 of row 0 is not one of 2 classes");
  });

  test("dropout is on where a random stream is given", async () => {
    using head = placedHead(backend(), new TokenClassification({ width: 2, labels, dropout: 0.5 }), {
      "linear.weight": [1, 0, 0, 1],
      "linear.bias": [0, 0],
    });
    using hidden = rowsOf(backend(), 2, normals(64));
    const output = encoded(hidden, [0, 32]);
    const { values } = await valuesOf(() => head.forward(output, new RandomStream(1)));
    expect(values.filter((x) => x === 0).length).toBeGreaterThan(16);
    const classes = new Int32Array(32);
    const dropped = await valuesOf(() => head.loss(output, classes, new RandomStream(1)));
    expect(dropped.values).not.toEqual((await valuesOf(() => head.loss(output, classes))).values);
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss", async () => {
    using head = placedHead(backend(), new TokenClassification({ width: 3, labels: ["O", "B-X", "I-X"] }));
    using hidden = rowsOf(backend(), 3, normals(12));
    const given = Int32Array.of(2, noLabel, 0, 1);
    await checkGradients(new Map(head.parameters()), () => head.loss(encoded(hidden, [0, 2, 4]), given));
  });
});
