import { ShapeError, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, pooledOutput, valuesOf } from "./fixtures/placed-head.js";
import { NextSentence } from "./index.js";

describe.each(Object.entries(backends))("a next-sentence head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const byHand = { "linear.weight": [1, 0, 0, 1], "linear.bias": [0, Math.log(3)] };

  test("class 0 is that the second text follows", async () => {
    using head = placedHead(backend(), new NextSentence({ width: 2 }), byHand);
    const output = pooledOutput(backend(), 2, [0, 0, Math.log(9), 0]);
    using _hidden = output.hidden;
    const { values, shape } = await valuesOf(() => head.forward(output));
    expect(shape).toEqual([2, 2]);
    expectClose(head.answer(Float32Array.from(values), shape), [0.25, 0.75], "float32");
  });

  test("its loss is the mean surprise at the labels", async () => {
    using head = placedHead(backend(), new NextSentence({ width: 2 }), byHand);
    const output = pooledOutput(backend(), 2, [0, 0, Math.log(9), 0]);
    using _hidden = output.hidden;
    const { values } = await valuesOf(() => head.loss(output, Int32Array.of(0, 1)));
    expectClose(values, [Math.log(4)], "float32");
    await expect(valuesOf(() => head.loss(output, Int32Array.of(0)))).rejects.toThrow(ShapeError);
  });

  test("an encoder without a pooler is named", () => {
    using head = placedHead(backend(), new NextSentence({ width: 2 }));
    using hidden = rowsOf(backend(), 2, [1, 2]);
    expect(() => head.forward(encoded(hidden, [0, 1]))).toThrow(UnsupportedError);
    expect(() => head.forward(encoded(hidden, [0, 1]))).toThrow("NextSentence reads the pooled first token");
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss", async () => {
    using head = placedHead(backend(), new NextSentence({ width: 3 }));
    const output = pooledOutput(backend(), 3, normals(12));
    using _hidden = output.hidden;
    await checkGradients(new Map(head.parameters()), () => head.loss(output, Int32Array.of(0, 1, 1, 0)));
  });
});
