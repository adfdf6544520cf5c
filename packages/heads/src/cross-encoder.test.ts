import { RandomStream, ShapeError, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, pooledOutput, valuesOf } from "./fixtures/placed-head.js";
import { CrossEncoder } from "./index.js";

test("a score is a probability, or the logit where the model was trained so", () => {
  const logits = Float32Array.of(0, Math.log(3), -Math.log(3));
  const scoresOf = (head: CrossEncoder): number[] => head.answer(logits, [3, 1]);
  expectClose(scoresOf(new CrossEncoder({ width: 2 })), [0.5, 0.75, 0.25], "float32");
  expect(scoresOf(new CrossEncoder({ width: 2, activation: "identity" }))).toEqual([...logits]);
});

test("large logits of either sign have scores", () => {
  expect(new CrossEncoder({ width: 2 }).answer(Float32Array.of(-1000, 1000), [2, 1])).toEqual([0, 1]);
});

describe.each(Object.entries(backends))("a re-ranking head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const byHand = { "linear.weight": [1, -1], "linear.bias": [0] };

  test("its loss is binary cross-entropy with logits", async () => {
    using head = placedHead(backend(), new CrossEncoder({ width: 2 }), byHand);
    const output = pooledOutput(backend(), 2, [0, 0, 2, 0, 0, 3, 80, 0]);
    using _hidden = output.hidden;
    const logits = await valuesOf(() => head.forward(output));
    expect(logits).toEqual({ values: [0, 2, -3, 80], shape: [4, 1] });
    // torch 2.13, binary_cross_entropy_with_logits, the mean of the four.
    const loss = await valuesOf(() => head.loss(output, Float32Array.of(1, 0, 0.25, 1)));
    expectClose(loss.values, [0.904665635794165], "float32");
  });

  test("labels for other pairs are named", async () => {
    using head = placedHead(backend(), new CrossEncoder({ width: 2 }));
    const output = pooledOutput(backend(), 2, [0, 0]);
    using _hidden = output.hidden;
    const loss = () => valuesOf(() => head.loss(output, Float32Array.of(1, 0)));
    await expect(loss()).rejects.toThrow(ShapeError);
    await expect(loss()).rejects.toThrow("2 labels for 1 pairs: give each one");
  });

  test("an encoder without a pooler is named", () => {
    using head = placedHead(backend(), new CrossEncoder({ width: 2 }));
    using hidden = rowsOf(backend(), 2, [1, 2]);
    expect(() => head.forward(encoded(hidden, [0, 1]))).toThrow(UnsupportedError);
  });

  test("dropout is on where a random stream is given", async () => {
    using head = placedHead(backend(), new CrossEncoder({ width: 2, dropout: 0.5 }), byHand);
    const output = pooledOutput(backend(), 2, normals(64));
    using _hidden = output.hidden;
    const dropped = await valuesOf(() => head.forward(output, new RandomStream(1)));
    expect(dropped.values.filter((x) => x === 0).length).toBeGreaterThan(2);
  });

  if (name !== "reference") return;
  test("its gradients are those of its loss", async () => {
    using head = placedHead(backend(), new CrossEncoder({ width: 3 }));
    const output = pooledOutput(backend(), 3, normals(9));
    using _hidden = output.hidden;
    await checkGradients(new Map(head.parameters()), () => head.loss(output, Float32Array.of(1, 0, 0.3)));
  });
});
