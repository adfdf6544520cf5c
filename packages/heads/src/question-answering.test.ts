import { ShapeError } from "@bertkit/tensor";
import { checkGradients, expectClose, placed, useBackend } from "@bertkit/tensor/testing";
import type { Encoding } from "@bertkit/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, valuesOf } from "./fixtures/placed-head.js";
import { QuestionAnswering } from "./index.js";

describe("what a question-answering head answers", () => {
  const head = new QuestionAnswering({ width: 2 });

  test("each sequence's logits for the start and for the end", () => {
    const encodings = [1, 2].map((length) => ({ length }) as Encoding);
    expect(head.answer(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2], encodings)).toEqual([
      { starts: Float32Array.of(1), ends: Float32Array.of(2) },
      { starts: Float32Array.of(3, 5), ends: Float32Array.of(4, 6) },
    ]);
  });

  test("without encodings all tokens are one sequence's", () => {
    expect(head.answer(Float32Array.of(1, 2, 3, 4), [2, 2])).toEqual([
      { starts: Float32Array.of(1, 3), ends: Float32Array.of(2, 4) },
    ]);
  });

  test("encodings of other tokens are refused", () => {
    expect(() => head.answer(Float32Array.of(1, 2), [1, 2], [{ length: 2 } as Encoding])).toThrow(ShapeError);
  });
});

describe.each(Object.entries(backends))("a question-answering head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  // The hidden states are the logits.
  const plain = { "linear.weight": [1, 0, 0, 1], "linear.bias": [0, 0] };
  const offsets = [0, 2, 5];
  // Starts: 1 : 3 and 2 : 1 : 1; ends: 1 : 1 and 1 : 1 : 6.
  const logits = [1, 1, 3, 1, 2, 1, 1, 1, 1, 6].map(Math.log);

  test("the loss is half of both surprises, each among the tokens of its own sequence", async () => {
    using head = placedHead(backend(), new QuestionAnswering({ width: 2 }), plain);
    using hidden = rowsOf(backend(), 2, logits);
    const positions = { starts: Int32Array.of(1, 0), ends: Int32Array.of(0, 2) };
    const { values, shape } = await valuesOf(() => head.loss(encoded(hidden, offsets), positions));
    expect(shape).toEqual([]);
    const starts = (Math.log(4 / 3) + Math.log(4 / 2)) / 2;
    const ends = (Math.log(2) + Math.log(8 / 6)) / 2;
    expectClose(values, [(starts + ends) / 2], "float32");
  });

  test("a position beyond its sequence does not count, though it lies in the batch", async () => {
    using head = placedHead(backend(), new QuestionAnswering({ width: 2 }), plain);
    using hidden = rowsOf(backend(), 2, logits);
    const positions = { starts: Int32Array.of(2, 0), ends: Int32Array.of(0, 700) };
    const { values } = await valuesOf(() => head.loss(encoded(hidden, offsets), positions));
    expectClose(values, [(Math.log(4 / 2) + Math.log(2)) / 2], "float32");
  });

  test("large logits do not overflow, and an answer that is certain costs nothing", async () => {
    using head = placedHead(backend(), new QuestionAnswering({ width: 2 }), plain);
    using hidden = rowsOf(backend(), 2, [3000, -3000, 0, 0]);
    const positions = { starts: Int32Array.of(0), ends: Int32Array.of(1) };
    const { values } = await valuesOf(() => head.loss(encoded(hidden, [0, 2]), positions));
    expect(Math.abs(values[0]!)).toBe(0);
  });

  test("nothing to learn, too few positions and negative ones are named", async () => {
    using head = placedHead(backend(), new QuestionAnswering({ width: 2 }), plain);
    using hidden = rowsOf(backend(), 2, logits);
    const lossOf = (starts: number[], ends: number[]) =>
      valuesOf(() =>
        head.loss(encoded(hidden, offsets), { starts: Int32Array.from(starts), ends: Int32Array.from(ends) }),
      );
    await expect(lossOf([2, 3], [0, 0])).rejects.toThrow("no start lies within its sequence");
    await expect(lossOf([0, 0], [2, 3])).rejects.toThrow("no end lies within its sequence");
    await expect(lossOf([0], [0, 0])).rejects.toThrow("1 starts for 2 sequences: give one for each");
    await expect(lossOf([0, 0], [1, -100])).rejects.toThrow("ends: -100 of sequence 1 is no position");
    await expect(lossOf([0, 0], [1, -100])).rejects.toThrow(ShapeError);
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss, the hidden states' too", async () => {
    using head = placedHead(backend(), new QuestionAnswering({ width: 3 }));
    using hidden = placed(backend(), normals(15), [5, 3]);
    const parameters = new Map([...head.parameters(), ["hidden", hidden] as const]);
    const positions = { starts: Int32Array.of(1, 0), ends: Int32Array.of(1, 9) };
    await checkGradients(parameters, () => head.loss(encoded(hidden, offsets), positions), 15);
  });
});
