import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();
const run = (...args: string[]) => line.run(["eval", "sts", "--data", "stsb.tsv", ...args]);

const pairs = ["a red house\ta red house\t5", "a blue dog\tthe old library\t0.5", "the sea is blue\tthe sea\t3"];
const stsb = `sentence1\tsentence2\tscore\n${pairs.map((pair) => `${pair}\n`).join("")}`;

describe("bertkit eval sts", () => {
  test("scores numbers by how they go with people's", async () => {
    await line.put("stsb.tsv", stsb);
    await line.put("p.txt", "3\n1\n2\n");
    const { code, out, err } = await run("--predictions", "p.txt");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { pearson, ...others } = JSON.parse(out);
    expect(others).toEqual({ spearman: 1, total: 3 });
    // Deviations 2.17, −2.33, 0.17 and 1, −1, 0.
    expect(pearson).toBeCloseTo(4.5 / Math.sqrt(2 * (169 / 36 + 196 / 36 + 1 / 36)), 12);
  });

  test("compares by cosine as bertkit similar does, and its file scores the same", async () => {
    await line.put("stsb.tsv", stsb);
    const made = await run("--output", "cosines.jsonl", "--limit", "2");
    expect(made).toMatchObject({ code: 0, err: "" });
    const rows = (await readFile(line.path("cosines.jsonl"), "utf8")).trimEnd().split("\n");
    const cosines = rows.map((row) => JSON.parse(row));
    expect(cosines.map(({ index }) => index)).toEqual([0, 1]);
    expect(cosines[0].prediction).toBeCloseTo(1, 6);
    expect((await run("--predictions", "cosines.jsonl", "--limit", "2")).out).toBe(made.out);
    const similar = ["similar", "--in", "stsb.tsv", "--fields", "sentence1,sentence2", "--json"];
    await line.put("similar.jsonl", (await line.run(similar)).out);
    const rounded = JSON.parse((await run("--predictions", "similar.jsonl")).out);
    const whole = JSON.parse((await run()).out);
    expect(rounded.spearman).toBe(whole.spearman);
    expect(rounded.pearson).toBeCloseTo(whole.pearson, 5);
  });

  test.each([
    ["no pairs", "sentence1\tsentence2\tscore\n", "1\n", "stsb.tsv: there are no pairs"],
    ["no scores", "sentence1\tsentence2\na\tb\n", "1\n", "stsb.tsv:2: this pair has no score"],
    ["one pair", "sentence1\tsentence2\tscore\na\tb\t1\n", "1\n", "at least 2"],
    [
      "a word for a score",
      "sentence1\tsentence2\tscore\na\tb\thigh\n",
      "1\n",
      'stsb.tsv:2: wanted a number as the score, came "high"',
    ],
    ["other columns", "a\tb\n1\t2\n", "1\n", "stsb.tsv:1: wanted"],
    ["too few predictions", stsb, "1\n", "there are 1 predictions for 3 examples"],
    ["a word for a prediction", stsb, "1\n2\nhigh\n", 'p.txt:3: wanted a number as the prediction, came "high"'],
  ])("%s is an error that says so", async (_what, data, predictions, sentence) => {
    await line.put("stsb.tsv", data);
    await line.put("p.txt", predictions);
    const { code, out, err } = await run("--predictions", "p.txt");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });

  test.each([
    [["--resume"], "--resume and --restart are about predictions that are written down"],
    [["--output", "cosines.npy"], "its extension says no form of predictions"],
    [["--output", "none/cosines.tsv"], "there is no folder none"],
    [["--output", "stsb.tsv"], "stsb.tsv: this is the input too"],
  ])("%j is refused", async (args, sentence) => {
    await line.put("stsb.tsv", stsb);
    const { out, err } = await run(...args);
    expect(out).toBe("");
    expect(err).toContain(sentence);
  });
});

describeWithData("similarity/stsb", "STS-B with all-MiniLM-L6-v2", () => {
  test("a slice of the development set goes with people's scores as the model's vectors do", async () => {
    const environment = { BERTKIT_MODEL: dataPath("checkpoints/all-MiniLM-L6-v2") };
    const args = ["eval", "sts", "--data", dataPath("similarity/stsb/dev.tsv"), "--limit", "40"];
    const { out } = await line.run(args, { environment });
    // As sentence-transformers' vectors; over all 1,500 pairs it is 0.869619 and 0.867163.
    const { pearson, spearman, total } = JSON.parse(out);
    expect(pearson).toBeCloseTo(0.9140675, 5);
    expect(spearman).toBeCloseTo(0.9461095, 5);
    expect(total).toBe(40);
  }, 60_000);
});
