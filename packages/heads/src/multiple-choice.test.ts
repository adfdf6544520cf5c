import { ConfigError } from "@bertkit/layers";
import { RandomStream, ShapeError, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, pooledOutput, valuesOf } from "./fixtures/placed-head.js";
import { MultipleChoice } from "./index.js";

test("a number of choices that none can be is an error", () => {
  expect(() => new MultipleChoice({ width: 2, choices: 0 })).toThrow(ConfigError);
  expect(() => new MultipleChoice({ width: 2, choices: 2.5 })).toThrow("choices must be a whole number from 1 on");
});

describe.each(Object.entries(backends))("a multiple-choice head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const byHand = { "linear.weight": [1, 1], "linear.bias": [5] };
  // With the bias the logits are 5 more, which changes no probability: 1 : 2 : 1 and 6 : 1 : 1.
  const pooled = [0, 0, Math.log(2), 0, 0, 0, Math.log(2), Math.log(3), 0, 0, 0, 0];

  test("answers with each choice's probability, question by question", async () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 3 }), byHand);
    const output = pooledOutput(backend(), 2, pooled);
    using _hidden = output.hidden;
    const { values, shape } = await valuesOf(() => head.forward(output));
    expect(shape).toEqual([2, 3]);
    const [first, second] = head.answer(Float32Array.from(values), shape);
    expectClose(first!, [0.25, 0.5, 0.25], "float32");
    expectClose(second!, [0.75, 0.125, 0.125], "float32");
  });

  test("its loss is the mean surprise at the right choices", async () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 3 }), byHand);
    const output = pooledOutput(backend(), 2, pooled);
    using _hidden = output.hidden;
    const { values } = await valuesOf(() => head.loss(output, Int32Array.of(1, 2)));
    expectClose(values, [(Math.log(2) + Math.log(8)) / 2], "float32");
  });

  test("sequences that are no whole questions are an error", () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 4 }), byHand);
    const output = pooledOutput(backend(), 2, pooled);
    using _hidden = output.hidden;
    expect(() => head.forward(output)).toThrow(ShapeError);
    expect(() => head.forward(output)).toThrow("6 sequences are no whole questions of 4 choices");
  });

  test("an encoder without a pooler is named", () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 1 }));
    using hidden = rowsOf(backend(), 2, [1, 2]);
    expect(() => head.forward(encoded(hidden, [0, 1]))).toThrow(UnsupportedError);
  });

  test("dropout is on where a random stream is given", async () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 2, dropout: 0.5 }));
    const output = pooledOutput(backend(), 2, normals(64));
    using _hidden = output.hidden;
    const plain = await valuesOf(() => head.loss(output, new Int32Array(16)));
    const dropped = await valuesOf(() => head.loss(output, new Int32Array(16), new RandomStream(1)));
    expect(dropped.values).not.toEqual(plain.values);
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss", async () => {
    using head = placedHead(backend(), new MultipleChoice({ width: 2, choices: 3 }), { "linear.weight": [0.5, -1] });
    const output = pooledOutput(backend(), 2, normals(12));
    using _hidden = output.hidden;
    // The bias is the same for all choices: its gradient is 0, which finite differences only come near to.
    await checkGradients(new Map(head.parameters()), () => head.loss(output, Int32Array.of(0, 2)));
  });
});
