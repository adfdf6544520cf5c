import { ConfigError } from "@bertkit/layers";
import { RandomStream, ShapeError, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { backends, placedHead, pooledOutput, valuesOf } from "./fixtures/placed-head.js";
import { type LabelScore, type Problem, SequenceClassification } from "./index.js";

const labels = ["bad", "fair", "good"];
const logits = Float32Array.from([1, 2, 5, 8, 4, 4], Math.log);
const scoresOf = (answer: readonly LabelScore[]): number[] => answer.map(({ score }) => score);
const labelsOf = (answer: readonly LabelScore[]): string[] => answer.map(({ label }) => label);

describe("what a classification head answers", () => {
  const answers = (problem?: Problem, names = labels, width = names.length) =>
    new SequenceClassification({ width: 2, labels: names, problem }).answer(logits, [logits.length / width, width]);

  test("one label: probabilities that sum to 1, the highest first, of two alike in the labels' order", () => {
    const [first, second] = answers();
    expect(labelsOf(first!)).toEqual(["good", "fair", "bad"]);
    expectClose(scoresOf(first!), [5 / 8, 2 / 8, 1 / 8], "float32");
    expect(labelsOf(second!)).toEqual(["bad", "fair", "good"]);
    expectClose(scoresOf(second!), [1 / 2, 1 / 4, 1 / 4], "float32");
    expect(answers("single_label_classification")).toEqual(answers());
  });

  test("several labels: a probability for each by itself", () => {
    expectClose(scoresOf(answers("multi_label_classification")[0]!), [5 / 6, 2 / 3, 1 / 2], "float32");
  });

  test("a regression: the numbers as they are", () => {
    expectClose(scoresOf(answers("regression")[0]!), [Math.log(5), Math.log(2), 0], "float32");
    expectClose(answers("regression", ["score"]).flatMap(scoresOf), logits, "float32");
  });

  test("a single label is a probability by itself unless it is a regression", () => {
    const expected = [1 / 2, 2 / 3, 5 / 6, 8 / 9, 4 / 5, 4 / 5];
    expectClose(answers(undefined, ["relevant"]).flatMap(scoresOf), expected, "float32");
    expectClose(answers("multi_label_classification", ["relevant"]).flatMap(scoresOf), expected, "float32");
  });

  test("its labels and its problem can be asked for", () => {
    const head = new SequenceClassification({ width: 2, labels: ["relevant"] });
    expect([head.labels, head.problem]).toEqual([["relevant"], "single_label_classification"]);
    expect(new SequenceClassification({ width: 2, labels, problem: "regression" }).problem).toBe("regression");
  });

  test("a head without labels is an error", () => {
    expect(() => new SequenceClassification({ width: 2, labels: [] })).toThrow(ConfigError);
  });
});

describe.each(Object.entries(backends))("a classification head on the %s backend", (name, open) => {
  const backend = useBackend(open);
  const headOf = (problem?: Problem, names = labels, dropout = 0): SequenceClassification =>
    placedHead(backend(), new SequenceClassification({ width: 2, labels: names, problem, dropout }), {
      "linear.weight": [1, 0, 0, 1, 1, 1].slice(0, 2 * names.length),
      "linear.bias": [0, 0, 1].slice(0, names.length),
    });
  const output = () => pooledOutput(backend(), 2, [0, Math.log(2), -1, 3]);

  test("logits are a layer over the pooled token", async () => {
    using head = headOf();
    const given = output();
    using _hidden = given.hidden;
    const { values, shape } = await valuesOf(() => head.forward(given));
    expect(shape).toEqual([2, 3]);
    expectClose(values, [0, Math.log(2), 1 + Math.log(2), -1, 3, 3], "float32");
  });

  test.each([
    // Of 1 + 2 + 2e with the last one right; of e⁻¹ + 2e³ with the first one right.
    [
      undefined,
      labels,
      Int32Array.of(2, 0),
      (Math.log((3 + 2 * Math.E) / (2 * Math.E)) + Math.log(1 + 2 * Math.E ** 4)) / 2,
    ],
    // softplus(x) − x · target: ln 2 + (ln 3 − ln 2) + ln(1 + 2e) + 1, and so on.
    [
      "multi_label_classification",
      labels,
      Float32Array.of(0, 1, 0, 0, 1, 0.5),
      (Math.log(2) +
        Math.log(1.5) +
        Math.log(1 + 2 * Math.E) +
        Math.log(1 + 1 / Math.E) +
        Math.log(1 + Math.E ** -3) +
        Math.log(1 + Math.E ** 3) -
        1.5) /
        6,
    ],
    ["regression", labels, Float32Array.of(0, Math.log(2), 0, 0, 3, 1), ((1 + Math.log(2)) ** 2 + 1 + 4) / 6],
    // As transformers: what has one label learns numbers where nothing else is said.
    [undefined, ["score"], Float32Array.of(3, 1), (9 + 4) / 2],
  ] as const)("the loss of %s with labels %j", async (problem, names, given, expected) => {
    using head = headOf(problem, [...names]);
    const encodedTexts = output();
    using _hidden = encodedTexts.hidden;
    const { values, shape } = await valuesOf(() => head.loss(encodedTexts, given));
    expect(shape).toEqual([]);
    expectClose(values, [expected], "float32");
  });

  test("dropout is on where a random stream is given, in the loss too", async () => {
    using head = headOf(undefined, labels, 0.5);
    const given = pooledOutput(backend(), 2, normals(64));
    using _hidden = given.hidden;
    const plain = await valuesOf(() => head.forward(given));
    const dropped = await valuesOf(() => head.forward(given, new RandomStream(1)));
    expect(dropped.values).not.toEqual(plain.values);
    expect(dropped.values.filter((x) => x === 0).length).toBeGreaterThan(8);
    expect(await valuesOf(() => head.forward(given, new RandomStream(1)))).toEqual(dropped);
    const classes = new Int32Array(32);
    const loss = await valuesOf(() => head.loss(given, classes, new RandomStream(1)));
    expect(loss.values).not.toEqual((await valuesOf(() => head.loss(given, classes))).values);
  });

  test("labels of the wrong kind or number are named", async () => {
    using single = headOf();
    using multi = headOf("multi_label_classification");
    const given = output();
    using _hidden = given.hidden;
    const lossOf = (head: SequenceClassification, wrong: Int32Array | Float32Array) =>
      valuesOf(() => head.loss(given, wrong));
    await expect(lossOf(single, new Float32Array(2))).rejects.toThrow("one of 3 labels a sequence is an Int32Array");
    await expect(lossOf(single, Int32Array.of(0, 3))).rejects.toThrow(ShapeError);
    await expect(lossOf(multi, Int32Array.of(0, 1))).rejects.toThrow(
      "2 sequences need 3 numbers each in a Float32Array, got 2 in an Int32Array",
    );
    await expect(lossOf(multi, new Float32Array(5))).rejects.toThrow("got 5 in a Float32Array");
  });

  test("an encoder without a pooler is named", () => {
    using head = headOf();
    using hidden = rowsOf(backend(), 2, [1, 2]);
    expect(() => head.forward(encoded(hidden, [0, 1]))).toThrow(UnsupportedError);
  });

  if (name !== "reference") return;
  test.each([
    ["single_label_classification", Int32Array.of(0, 2, 1, 1)],
    ["multi_label_classification", Float32Array.of(0, 1, 1, 0, 0, 0, 1, 0, 0.5, 1, 1, 1)],
    ["regression", normals(12)],
  ] as const)("the gradients of %s are those of its loss", async (problem, given) => {
    using head = headOf(problem);
    const texts = pooledOutput(backend(), 2, normals(8));
    using _hidden = texts.hidden;
    await checkGradients(new Map(head.parameters()), () => head.loss(texts, given));
  });
});
