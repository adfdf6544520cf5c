import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { predictionForm } from "./prediction-file.js";
import { checkCount, readLabels, readScores } from "./read-predictions.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-predictions-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("predictions", () => {
  test.each(["p.tsv", "p.jsonl"])("of a model, written as %s, are read back", async (name) => {
    const labels = ["not_entailment", "0"];
    const labelFile = await put(name, predictionForm(name)(labels.map((prediction) => ({ prediction, score: 0.5 }))));
    expect((await readLabels(labelFile, signal)).map(({ label }) => label)).toEqual(labels);
    const numbers = [0.1, -1e-7, 5];
    const numberFile = await put(name, predictionForm(name)(numbers.map((prediction) => ({ prediction }))));
    expect(await readScores(numberFile, signal)).toEqual(numbers);
  });

  test("are JSON lines or a table by the file's name, compressed or not, and say where they stand", async () => {
    const packed = await put("p.jsonl.gz", gzipSync('{"label":"x"}\n'));
    expect(await readLabels(packed, signal)).toEqual([{ place: `${packed}:1`, label: "x" }]);
    const table = await put("test_results.tsv", "0.25\t0.75\n1e-9\t1\n");
    expect(await readLabels(table, signal)).toEqual([
      { place: `${table}:1`, label: [0.25, 0.75] },
      { place: `${table}:2`, label: [1e-9, 1] },
    ]);
  });

  test.each([
    ["p.jsonl", "nonsense\n", "p.jsonl:1: wanted JSON"],
    ["p.tsv", "0.5\t0.5\n0.5\tx\n", 'p.tsv:2: wanted a number as a probability, came "x"'],
  ])("%s with %j is an error with its place", async (name, text, sentence) => {
    await expect(readLabels(await put(name, text), signal)).rejects.toThrow(sentence);
  });
});

test("a prediction for each example is wanted, more are for a part of them alone", () => {
  expect(() => checkCount(3, 2, true)).not.toThrow();
  expect(() => checkCount(3, 2, false)).toThrow("there are 3 predictions for 2 examples");
  expect(() => checkCount(1, 2, true)).toThrow("there are 1 predictions for 2 examples");
});
