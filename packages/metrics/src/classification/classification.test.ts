import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MetricError } from "../metric-error.js";
import { accuracy } from "./accuracy.js";
import { glueMetrics } from "./glue-metrics.js";
import { matthews } from "./matthews.js";
import { binaryF1, scoreLabels } from "./score-labels.js";

describe("classification", () => {
  test("scores of a small table are those computed by hand", () => {
    const [gold, predicted] = [
      ["b", "a", "a", "a"],
      ["a", "a", "a", "c"],
    ] as const;
    const scores = scoreLabels(gold, predicted);
    expect([...scores.labels]).toEqual([
      ["a", { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 }],
      ["b", { precision: 0, recall: 0, f1: 0, support: 1 }],
      ["c", { precision: 0, recall: 0, f1: 0, support: 0 }],
    ]);
    expect(scores.accuracy).toBe(0.5);
    expect(scores.macro).toEqual({ precision: 2 / 9, recall: 2 / 9, f1: 2 / 9, support: 4 });
    expect(scores.weighted.recall).toBe(0.5);
    expect(scoreLabels(gold, predicted, { zeroDivision: 1 }).labels.get("c")).toMatchObject({
      precision: 0,
      recall: 1,
    });
  });

  test("F1 and Matthews of one class are those computed by hand", () => {
    const [gold, predicted] = [Int32Array.of(1, 1, 0, 0, 1), Int32Array.of(1, 0, 0, 1, 1)];
    expect(binaryF1(gold, predicted)).toBe(2 / 3);
    expect(binaryF1(gold, predicted, 0)).toBe(0.5);
    expect(binaryF1(gold, predicted, 7)).toBe(0);
    expect(matthews(gold, predicted)).toBeCloseTo(1 / 6, 12);
    expect(matthews([0, 0], [0, 1])).toBe(0);
  });

  test("GLUE's metrics go by their names", () => {
    const [gold, predicted] = [
      [1, 0, 1, 1],
      [1, 0, 0, 1],
    ];
    const named = Object.entries(glueMetrics).map(([name, metric]) => [name, metric(gold!, predicted!).toFixed(3)]);
    expect(Object.fromEntries(named)).toEqual({
      accuracy: "0.750",
      f1: "0.800",
      matthews: "0.577",
      pearson: "0.577",
      spearman: "0.577",
    });
  });

  test("the order of the items changes nothing, and all scores keep their bounds", () => {
    const items = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(items, (pairs) => {
        const score = (some: typeof pairs) => {
          const [gold, predicted] = [some.map(([a]) => a), some.map(([, b]) => b)];
          return {
            ...scoreLabels(gold, predicted),
            matthews: matthews(gold, predicted),
            plain: accuracy(gold, predicted),
          };
        };
        const scores = score(pairs);
        expect(score([...pairs].reverse())).toEqual(scores);
        expect(scores.plain).toBe(scores.accuracy);
        expect(Math.abs(scores.matthews)).toBeLessThanOrEqual(1 + 1e-15);
        for (const { precision, recall, f1 } of [...scores.labels.values(), scores.micro]) {
          expect(f1).toBeLessThanOrEqual(Math.max(precision, recall) + 1e-15);
          expect(f1).toBeGreaterThanOrEqual(Math.min(precision, recall) - 1e-15);
          expect(Math.max(precision, recall)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("lists of two lengths, empty ones, NaN and names beside numbers are errors", () => {
    expect(() => accuracy([1], [1, 2])).toThrow(
      new MetricError("length", "accuracy: 1 gold values, but 2 predicted ones"),
    );
    expect(() => matthews([], [])).toThrow("matthews needs at least 1 pairs of values, and there are 0");
    expect(() => scoreLabels([1], [Number.NaN])).toThrow("a label is a number or a name, and label 0 is NaN");
    expect(() => binaryF1(["1", "0"], ["1", 0])).toThrow(
      'gold label 1 is "0" and the predicted one 0: use numbers or names in both',
    );
  });
});
