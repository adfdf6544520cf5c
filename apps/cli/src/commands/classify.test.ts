import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["bert", "sentiment", "entailment", "topics", "reranker"]);

/** Labels and their scores, as a JSON line has them. */
interface Labelled {
  readonly text: string;
  readonly labels: readonly { readonly label: string; readonly score: number }[];
}

const labelled = (out: string) => objectsOf(out) as unknown as Labelled[];

describe("bertkit classify", () => {
  test("gives a pipe a JSON line for each text, with its likeliest label", async () => {
    const { code, out, err } = await line.run(["classify", "--model", model("sentiment"), "the cat", "the sea"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = labelled(out);
    expect(found.map(({ text, labels }) => [text, labels.length])).toEqual([
      ["the cat", 1],
      ["the sea", 1],
    ]);
    expect(["negative", "positive"]).toContain(found[0]!.labels[0]!.label);
    expect(found[0]!.labels[0]!.score).toBeGreaterThanOrEqual(0.5);
  });

  test("gives as many labels as are asked for, whose scores sum to 1", async () => {
    const args = [
      "classify",
      "--model",
      model("entailment"),
      "It rains. ||| The street is wet.",
      "--top",
      "9",
      "--json",
    ];
    const [{ text, labels }] = labelled((await line.run(args)).out) as [Labelled];
    expect(text).toBe("It rains. ||| The street is wet.");
    expect(labels.map(({ label }) => label).sort()).toEqual(["contradiction", "entailment", "neutral"]);
    expect(labels.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  });

  test("reads pairs from lines, divided at the last |||, and from two columns: the same", async () => {
    await line.put("p.csv", "id,a,b\n1,It rains.,It is wet.\n2,one ||| two,three\n");
    const args = ["classify", "--model", model("entailment")];
    const lines = await line.run([...args, "-"], { input: "It rains. ||| It is wet.\none ||| two ||| three\n" });
    const columns = await line.run([...args, "--input", "p.csv", "--fields", "a,b", "--keep", "id"]);
    expect(objectsOf(columns.out)[0]).toMatchObject({ id: "1", a: "It rains.", b: "It is wet." });
    expect(labelled(columns.out).map(({ labels }) => labels)).toEqual(labelled(lines.out).map(({ labels }) => labels));
  });

  test("of a multi-label model gives those from the threshold on: a row each in a table, one without any", async () => {
    await line.put("t.txt", "the cat\na dog\n");
    const args = ["classify", "--model", model("topics"), "--input", "t.txt"];
    const all = labelled((await line.run([...args, "--threshold", "0"])).out);
    expect(all.map(({ labels }) => labels.length)).toEqual([3, 3]);
    expect(labelled((await line.run([...args, "--threshold", "1"])).out).map(({ labels }) => labels)).toEqual([[], []]);
    await line.run([...args, "--threshold", "0", "--output", "all.csv"]);
    const rows = all.flatMap(({ text, labels }) => labels.map(({ label, score }) => `${text},${label},${score}\n`));
    expect(await readFile(line.path("all.csv"), "utf8")).toBe(`text,label,score\n${rows.join("")}`);
    await line.run([...args, "--threshold", "1", "--output", "none.csv"]);
    expect(await readFile(line.path("none.csv"), "utf8")).toBe("text,label,score\nthe cat,,\na dog,,\n");
  });

  test("keeps the order of many rows, counts those that were cut, and writes nothing for nothing", async () => {
    const texts = Array.from({ length: 200 }, (_, i) => `${"word ".repeat((i * 7) % 31)}${i}`);
    const args = ["classify", "--model", model("sentiment"), "--batch-tokens", "64", "--max-length", "24"];
    const { out, err } = await line.run([...args, "-"], { input: `${texts.join("\n")}\n` });
    expect(labelled(out).map(({ text }) => text)).toEqual(texts);
    expect(err).toMatch(/^warning: \d+ of 200 inputs were cut to 24 tokens; --max-length .*\n$/);
    expect((await line.run([...args, "--quiet", "-"], { input: texts.join("\n") })).err).toBe("");
    expect(await line.run([...args, "-"])).toMatchObject({ code: 0, out: "", err: "" });
  });
});

describe("what goes wrong in bertkit classify", () => {
  test.each<["bert" | "sentiment" | "tiny", readonly string[], number, string, string]>([
    ["bert", ["a"], 1, "its weights lack a head that classifies texts; they are for: fill, next", "bertkit info"],
    ["tiny", ["a"], 1, "its weights lack a head that classifies texts; they hold an encoder only", "bertkit info"],
    ["sentiment", ["a", "--threshold", "2"], 2, "Wanted a number from 0 to 1", ""],
    ["sentiment", ["a", "--top", "0"], 2, "Wanted a whole number above 0", ""],
    ["sentiment", ["--input", "t.csv", "--fields", "a"], 2, "--fields takes two columns, got a", "--fields a,b"],
    ["sentiment", ["--input", "t.csv", "--fields", "a,c"], 1, '"c"', ""],
    ["sentiment", ["--input", "t.csv", "--fields", "a,b", "--field", "a"], 2, "--field and --fields exclude", "leave"],
    ["sentiment", ["a", "--fields", "a,b"], 2, "--fields is for files with columns", "--input"],
    ["sentiment", ["--input", "t.csv", "--field", "a", "--keep", "labels"], 2, 'two columns called "labels"', "--keep"],
    ["sentiment", ["a", "--output", "out.pdf"], 2, "its extension says no form of results", ".jsonl, .csv or .tsv"],
    ["sentiment", ["--input", "bad.jsonl"], 1, "bad.jsonl:2", ""],
  ])("%s: %j ends with %i, one sentence and what to do", async (name, args, code, sentence, hint) => {
    await line.put("t.csv", "a,b,labels\n1,2,3\n");
    await line.put("bad.jsonl", '{"text":"a"}\n{"text":7}\n');
    const result = await line.run(["classify", "--model", model(name), ...args]);
    expect({ code: result.code, isNamed: result.err.includes(sentence) }).toEqual({ code, isNamed: true });
    expect(result.err).toContain(hint);
  });
});
