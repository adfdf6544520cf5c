import { mkdir, readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { collect, until, useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();
const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const texts = "hug Hug hug hug\nhugs hugs hugs\nbun bun bun bun bun\n";
const pieces = ["b", "g", "h", "n", "s", "u", "##g", "##n", "##s", "##u", "hu", "hug", "bu", "bun", "hugs"];
const train = (...args: string[]) => line.run(["vocabulary", "train", ...args]);
const linesOf = async (name: string): Promise<string[]> =>
  (await readFile(line.path(name), "utf8")).replace(/\n$/, "").split("\n");

describe("bertkit vocabulary train", () => {
  test("writes a vocab.txt of files, and says what it is made of", async () => {
    await line.put("texts1.txt", texts.slice(0, 16));
    await line.put("texts2.txt.gz", gzipSync(texts.slice(16)));
    const { code, out, err } = await train("--input", "texts*", "--size", "20", "--output", "vocab.txt");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(
      "vocab.txt: 20 tokens from 3 texts, 3 different words; 1.00 tokens a word, 0.00 % of words unknown\n",
    );
    expect(await linesOf("vocab.txt")).toEqual([...special, ...pieces]);
  });

  test("writes a folder that --model takes", async () => {
    await line.put("texts.jsonl", '{"words":"Hug hug"}\n{"words":"Hug"}\n');
    const args = ["--input", "texts.jsonl", "--field", "words", "--no-lower-case", "--size", "13"];
    expect(await train(...args, "--output", "deep/mine")).toMatchObject({ code: 0, err: "" });
    expect((await readdir(line.path("deep/mine"))).sort()).toEqual(["tokenizer_config.json", "vocab.txt"]);
    const { out } = await line.run(["tokenize", "--model", "deep/mine", "Hug hug"]);
    expect(JSON.parse(out).tokens).toEqual(["[CLS]", "Hug", "h", "##ug", "[SEP]"]);
  });

  test("gives its statistics as JSON", async () => {
    await line.put("texts.txt", `${texts}${"x".repeat(101)}\n`);
    const { out } = await train("--input", "texts.txt", "--size", "20", "--json", "--output", "vocab.txt");
    expect(JSON.parse(out)).toEqual({
      ...{ output: "vocab.txt", size: 20, texts: 4, words: 13, distinctWords: 3, longWords: 1, countError: 0 },
      ...{ tokens: 13, unknown: 1, seconds: expect.any(Number) },
    });
  });

  test("reads standard input and writes standard output, with the vocabulary alone in it", async () => {
    const { out, err } = await line.run(["vocabulary", "train", "--size", "20", "-o", "-"], { input: texts });
    expect({ lines: out.trimEnd().split("\n"), err }).toEqual({ lines: [...special, ...pieces], err: "" });
  });

  test("tells of a vocabulary that is not as large as asked for", async () => {
    const fewer = await train("hug hug", "--output", "vocab.txt");
    expect(fewer.err).toBe("note: 12 tokens instead of 30,522: no other two pieces come together 2 times\n");
    const more = await train("hug hug", "--output", "vocab.txt", "--size", "6");
    expect(more.err).toMatch(/^warning: 10 tokens instead of 6: .*--alphabet-limit/);
    expect(await train("hug hug", "--output", "vocab.txt", "--quiet")).toMatchObject({ code: 0, err: "" });
  });

  test("warns when words had to be forgotten", async () => {
    const { err } = await train("a b c d", "--word-limit", "2", "--size", "6", "--output", "vocab.txt");
    expect(err).toMatch(/warning: there were more different words than --word-limit: .* times too few\n/);
  });

  test("takes other special tokens, and a limit of the alphabet", async () => {
    const tokens = "[UNK],[CLS],[SEP],[unused0]";
    await train("b a b c c b", "--special-tokens", tokens, "--alphabet-limit", "2", "-q", "--output", "vocab.txt");
    expect(await linesOf("vocab.txt")).toEqual([...tokens.split(","), "b", "c"]);
    await train("b a", "--alphabet-limit", "all", "-q", "--output", "vocab.txt");
    expect(await linesOf("vocab.txt")).toEqual([...special, "a", "b"]);
  });

  test("refuses what cannot be, before it reads", async () => {
    expect(await train("a")).toMatchObject({ code: 2, err: expect.stringContaining("--output <place>") });
    expect(await train("a", "-o", "-", "--json")).toMatchObject({ code: 2, out: "" });
    const lacking = await train("a", "--special-tokens", "[PAD],[CLS]", "-o", "vocab.txt");
    expect(lacking).toMatchObject({ code: 2, err: expect.stringContaining("lacks [UNK] and [SEP]") });
    await line.put("texts.txt", texts);
    const itself = await train("--input", "texts.txt", "-o", "texts.txt");
    expect({ code: itself.code, text: await readFile(line.path("texts.txt"), "utf8") }).toEqual({
      code: 2,
      text: texts,
    });
    await mkdir(line.path("model"));
    await line.put("model/tokenizer.json", "{}");
    const unused = await train("a", "-o", "model");
    expect(unused).toMatchObject({ code: 1, err: expect.stringContaining("goes before the vocab.txt") });
    expect((await readdir(line.folder)).sort()).toEqual(["model", "texts.txt"]);
    expect(await readdir(line.path("model"))).toEqual(["tokenizer.json"]);
  });

  test("leaves nothing behind when it is stopped", async () => {
    const child = line.start(["vocabulary", "train", "-", "--output", "mine"]);
    const result = collect(child);
    child.stdin?.write(texts);
    await until(async () => (await readdir(line.folder)).includes("mine"));
    child.kill("SIGINT");
    expect((await result).code).toBe(130);
    expect(await readdir(line.folder)).toEqual([]);
  });
});
