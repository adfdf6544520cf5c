import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { anyText } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { toGluePredictions } from "../writers/glue-predictions.js";
import {
  readPredictedLabels,
  readPredictedLabelsJson,
  readPredictedScores,
  readPredictedScoresJson,
} from "./example-predictions.js";

const labelsIn = async (file: string) => (await gather(readPredictedLabels(file))).map(({ label }) => label);
const scoresIn = async (file: string) => (await gather(readPredictedScores(file))).map(({ score }) => score);

describe("predicted labels", () => {
  test("stand in GLUE's column, in any column of that name, or one a line", async () => {
    expect(await gather(readPredictedLabels("index\tprediction\n0\tentailment\n1\tneutral\n"))).toEqual([
      { line: 2, label: "entailment" },
      { line: 3, label: "neutral" },
    ]);
    expect(await labelsIn("label\tsentence\nyes\ta b\r\nno\tc")).toEqual(["yes", "no"]);
    expect(await labelsIn("entailment\nneutral\n\n \n")).toEqual(["entailment", "neutral"]);
  });

  test("are a probability for each label in Google's test_results.tsv", async () => {
    expect(await labelsIn("0.25\t0.75\n1e-9\t1\n")).toEqual([
      [0.25, 0.75],
      [1e-9, 1],
    ]);
  });

  test("stand in JSON lines by name, or are the first of a list", async () => {
    const file = '{"labels":[{"label":"x","score":0.9},{"label":"y","score":0.1}]}\n{"label":1}\n\n{"prediction":"z"}';
    expect(await gather(readPredictedLabelsJson(file))).toEqual([
      { line: 1, label: "x" },
      { line: 2, label: "1" },
      { line: 4, label: "z" },
    ]);
  });
});

describe("predicted numbers", () => {
  test("stand in a column, or one a line", async () => {
    expect(await scoresIn("index\tprediction\n0\t4.5\n1\t-1e-7\n")).toEqual([4.5, -1e-7]);
    expect(await scoresIn("a\tscore\nx\t2\n")).toEqual([2]);
    expect(await gather(readPredictedScores("4.5\n3\n"))).toEqual([
      { line: 1, score: 4.5 },
      { line: 2, score: 3 },
    ]);
  });

  test("stand in JSON lines by name, or with the first of a list", async () => {
    const file = '{"labels":[{"label":"LABEL_0","score":2.5}]}\n{"score":1}\n{"prediction":"0.5"}\n';
    expect((await gather(readPredictedScoresJson(file))).map(({ score }) => score)).toEqual([2.5, 1, 0.5]);
  });
});

test("what GLUE takes is read back", async () => {
  const label = fc.stringMatching(/^[a-z_-]{1,12}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(label), async (labels) => {
      expect(await labelsIn(toGluePredictions(labels))).toEqual(labels);
    }),
  );
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(fc.array(number), async (numbers) => {
      expect(await scoresIn(toGluePredictions(numbers))).toEqual(numbers.map((number) => number + 0));
    }),
  );
});

test.each([
  [readPredictedLabels, "0.5\t0.5\n0.5\tx\n", "value", 'line 2: wanted a number as a probability, came "x"'],
  [
    readPredictedLabels,
    "a\tb\n",
    "columns",
    'line 1: wanted a header line with the column prediction or label, came "a\\tb"',
  ],
  [readPredictedLabels, "a\nb\tc\n", "columns", 'line 2: wanted 1 columns between tabs, came 2: "b\\tc"'],
  [
    readPredictedLabels,
    "index\tprediction\n1\tx\n",
    "value",
    "line 2: wanted the index 0, since predictions stand in the order of the examples, came 1",
  ],
  [readPredictedLabels, "a\n\nb\n", "value", "line 2: wanted a prediction, came a blank line"],
  [readPredictedScores, "1\nmany\n", "value", 'line 2: wanted a number as the prediction, came "many"'],
  [
    readPredictedScores,
    "0.5\t0.5\n",
    "columns",
    'line 1: wanted a header line with the column prediction or score, came "0.5\\t0.5"',
  ],
  [readPredictedLabelsJson, "nonsense\n", "json", /^line 1: wanted JSON, which this is not/],
  [readPredictedLabelsJson, "null\n", "shape", "line 1: wanted an object, came null"],
  [
    readPredictedLabelsJson,
    '{"labels":[]}',
    "shape",
    "line 1: wanted a prediction or label, which this object does not have",
  ],
  [readPredictedScoresJson, '{"score":"x"}', "value", 'line 1: wanted a number as the prediction, came "x"'],
])("%p of %j is an error of code %s", async (read, file, code, message) => {
  const error = await errorOf(read(file));
  expect(error.code).toBe(code);
  expect(error.message).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
});

test("any text is predictions or a DataError", async () => {
  const readers = [readPredictedLabels, readPredictedScores, readPredictedLabelsJson, readPredictedScoresJson];
  await fc.assert(
    fc.asyncProperty(anyText("index\tprediction\n", "label", "score\t", '{"labels":[{}]}\n'), async (file) => {
      for (const read of readers) {
        try {
          expect(Array.isArray(await gather<unknown>(read(file)))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }
    }),
  );
});
