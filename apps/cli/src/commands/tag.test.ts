import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["tagger", "sentiment"]);

/** What a JSON line has. */
interface Tagged {
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly labels?: readonly { readonly word: string; readonly label: string | null; readonly score: number | null }[];
}

interface Entity {
  readonly type: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

async function tag(...args: readonly string[]): Promise<readonly Tagged[]> {
  const { code, out, err } = await line.run(["tag", "--model", model("tagger"), ...args]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return objectsOf(out) as unknown as Tagged[];
}

const cut = ({ text, entities }: Tagged): string[] => entities.map(({ start, end }) => text.slice(start, end));
const textsOf = ({ entities }: Tagged): string[] => entities.map(({ text }) => text);

describe("bertkit tag", () => {
  test("gives a pipe a JSON line for each text, with entities as ranges of the text", async () => {
    const found = await tag("Ann lives in New York.", "the 😀 of Élodie", "");
    expect(found.map(({ text }) => text)).toEqual(["Ann lives in New York.", "the 😀 of Élodie", ""]);
    expect(found.map(({ entities }) => entities.length > 0)).toEqual([true, true, false]);
    for (const tagged of found) expect(textsOf(tagged)).toEqual(cut(tagged));
    expect(found[0]!.labels).toBeUndefined();
    for (const { type, score } of found.flatMap(({ entities }) => entities)) {
      expect(["PER", "LOC"]).toContain(type);
      expect(score).toBeGreaterThan(0.2);
      expect(score).toBe(Number(score.toFixed(6)));
    }
  });

  test("aggregation says what an entity is: tokens with whole labels, or never a part of a word", async () => {
    const text = "unreadable booksellers";
    const [tokens] = await tag("--aggregation", "none", text);
    for (const { type } of tokens!.entities) expect(type).toMatch(/^[BI]-(PER|LOC)$/);
    expect(tokens!.entities.length).toBeGreaterThan(4);
    for (const aggregation of ["first", "average", "max"]) {
      const [words] = await tag("--aggregation", aggregation, text);
      for (const found of textsOf(words!)) expect([text, ...text.split(" ")]).toContain(found);
    }
  });

  test("--words gives each word its label, and ranges in the words with one space between", async () => {
    const [tagged, empty] = await tag("--words", "Ann  lives in\tNew-York . ", " \t");
    expect(tagged!.text).toBe("Ann lives in New-York .");
    expect(tagged!.labels!.map(({ word }) => word)).toEqual(["Ann", "lives", "in", "New-York", "."]);
    for (const { label } of tagged!.labels!) expect(label).toMatch(/^(O|[BI]-(PER|LOC))$/);
    expect(textsOf(tagged!)).toEqual(cut(tagged!));
    expect(empty).toEqual({ text: "", entities: [], labels: [] });
  });

  test("a word of which the tokenizer keeps nothing has no label", async () => {
    const [{ labels }] = (await tag("--words", "Ann \u200b .")) as [Tagged];
    expect(labels![1]).toEqual({ word: "\u200b", label: null, score: null });
    expect(labels![2]!.label).not.toBeNull();
  });

  test("a table has a row an entity, with what was kept; of words a row each", async () => {
    await line.put("t.csv", 'id,text\n7,"Ann, the cat"\n8,\n');
    const rows = await tag("--input", "t.csv", "--keep", "id");
    await tag("--input", "t.csv", "--keep", "id", "--output", "e.tsv");
    const expected = rows[0]!.entities.map(
      ({ type, score, start, end, text }) => `7\tAnn, the cat\t${type}\t${score}\t${start}\t${end}\t${text}\n`,
    );
    expect(await readFile(line.path("e.tsv"), "utf8")).toBe(
      `id\ttext\ttype\tscore\tstart\tend\tentity\n${expected.join("")}`,
    );
    const [{ labels }] = (await tag("--words", "the \u200b cat")) as [Tagged];
    await tag("--words", "the \u200b cat", "--output", "w.csv");
    const [the, , cat] = labels!;
    const text = "the \u200b cat";
    expect(await readFile(line.path("w.csv"), "utf8")).toBe(
      `text,word,label,score\n${text},the,${the!.label},${the!.score}\n${text},\u200b,,\n${text},cat,${cat!.label},${cat!.score}\n`,
    );
  });

  test("a text longer than the model is read to its end, without a warning of cuts", async () => {
    const text = "the old cat reads in the library of the city. ".repeat(30);
    const args = ["tag", "--model", model("tagger"), "--max-length", "20", "--aggregation", "none"];
    const { code, out, err } = await line.run([...args, "--stride", "9", "-"], { input: `${text}\nA cat.\n` });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [long, short] = objectsOf(out) as unknown as [Tagged, Tagged];
    expect(textsOf(long)).toEqual(cut(long));
    expect(long.entities.at(-1)!.end).toBeGreaterThan(text.length - 60);
    expect(short).toEqual((await tag("--aggregation", "none", "A cat."))[0]);
  });

  test("keeps the order of many rows, and writes nothing for nothing", async () => {
    const texts = Array.from({ length: 150 }, (_, i) => `${"word ".repeat((i * 7) % 31)}${i}`);
    const args = ["tag", "--model", model("tagger"), "--batch-tokens", "64", "--max-length", "24", "-"];
    const { out } = await line.run(args, { input: `${texts.join("\n")}\n` });
    expect((objectsOf(out) as unknown as Tagged[]).map(({ text }) => text)).toEqual(texts);
    expect(await line.run(args)).toMatchObject({ code: 0, out: "", err: "" });
  });
});

describe("what goes wrong in bertkit tag", () => {
  test.each<["sentiment" | "tiny" | "tagger", readonly string[], number, string, string]>([
    ["sentiment", ["a"], 1, "its weights lack a head that labels tokens; they are for: classify", "bertkit info"],
    ["tiny", ["a"], 1, "its weights lack a head that labels tokens; they hold an encoder only", "bertkit info"],
    ["tagger", ["a", "--aggregation", "last"], 2, "Allowed choices are none, simple, first, average, max", ""],
    ["tagger", ["a", "--stride", "0"], 2, "Wanted a whole number above 0", ""],
    ["tagger", ["a", "--max-length", "65"], 1, "this model takes 3 to 64 tokens", ""],
    ["tagger", ["a b", "--words", "--aggregation", "max", "-o", "w.csv"], 2, "a csv file has a row a word", ".jsonl"],
    ["tagger", ["--input", "t.csv", "--keep", "type", "-o", "e.csv"], 2, 'two columns called "type"', "--keep"],
    ["tagger", ["--input", "t.csv", "--field", "none"], 1, '"none"', ""],
    ["tagger", ["--input", "bad.jsonl"], 1, "bad.jsonl:2", ""],
    ["tagger", ["a", "--output", "out.pdf"], 2, "its extension says no form of results", ".jsonl, .csv or .tsv"],
  ])("%s: %j ends with %i, one sentence and what to do", async (name, args, code, sentence, hint) => {
    await line.put("t.csv", "text,type\na,b\n");
    await line.put("bad.jsonl", '{"text":"a"}\n{"text":7}\n');
    const result = await line.run(["tag", "--model", model(name), ...args]);
    expect({ code: result.code, isNamed: result.err.includes(sentence) }).toEqual({ code, isNamed: true });
    expect(result.err).toContain(hint);
  });
});
