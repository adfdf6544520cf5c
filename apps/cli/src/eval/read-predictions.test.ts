import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { predictionForm } from "./prediction-file.js";
import { checkCount, numberIn, readPredictions } from "./read-predictions.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-predictions-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();

async function valuesOf(name: string, text: string, kind: "label" | "score"): Promise<unknown[]> {
  const path = join(folder, name);
  await writeFile(path, text);
  return (await readPredictions(path, kind, signal)).map(({ value }) => value);
}

describe("readPredictions", () => {
  test.each(["p.tsv", "p.jsonl"])("reads what is written as %s", async (name) => {
    const label = fc.stringMatching(/^[a-z_-]{1,12}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(label, { minLength: 1 }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        async (labels, numbers) => {
          const labelText = predictionForm(name)(labels.map((prediction) => ({ prediction, score: 0.5 })));
          expect(await valuesOf(name, labelText, "label")).toEqual(labels);
          const numberText = predictionForm(name)(numbers.map((prediction) => ({ prediction })));
          const read = (await valuesOf(name, numberText, "score")).map((value) => numberIn(String(value), "here"));
          expect(read).toEqual(numbers.map((number) => number + 0));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("takes JSON lines of bertkit classify, and of other programs", async () => {
    const lines = '{"text":"a","labels":[{"label":"x","score":0.9},{"label":"y","score":0.1}]}\n{"label":1}\n';
    expect(await valuesOf("p.jsonl", lines, "label")).toEqual(["x", "1"]);
    expect(await valuesOf("p.jsonl", '{"labels":[{"label":"LABEL_0","score":2.5}]}\n', "score")).toEqual(["2.5"]);
    expect(await valuesOf("p.jsonl", '{"score":2.5}\n', "score")).toEqual(["2.5"]);
  });

  test("takes probabilities in columns, and one label in each line", async () => {
    expect(await valuesOf("p.tsv", "0.25\t0.75\n1e-9\t1\n", "label")).toEqual([
      [0.25, 0.75],
      [1e-9, 1],
    ]);
    expect(await valuesOf("p.txt", "entailment\nneutral\n", "label")).toEqual(["entailment", "neutral"]);
  });

  test.each([
    ["p.jsonl", "nonsense\n", "p.jsonl:1: this line is not JSON"],
    ["p.jsonl", "null\n", "p.jsonl:1: wanted an object, this line is null"],
    ["p.jsonl", '{"labels":[]}\n', "p.jsonl:1: this object has no prediction or label"],
    ["p.tsv", "0.5\t0.5\n0.5\tx\n", 'p.tsv:2: wanted a number, this is "x"'],
  ])("%s with %j is an error", async (name, text, sentence) => {
    await expect(valuesOf(name, text, "label")).rejects.toThrow(sentence);
  });
});

test("a prediction for each example is wanted, more are for a part of them alone", () => {
  expect(() => checkCount(3, 2, true)).not.toThrow();
  expect(() => checkCount(3, 2, false)).toThrow("there are 3 predictions for 2 examples");
  expect(() => checkCount(1, 2, true)).toThrow("there are 1 predictions for 2 examples");
});
