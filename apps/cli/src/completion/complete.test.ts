import { describe, expect, test } from "@jest/globals";
import { program } from "../program.js";
import { offer } from "./complete.js";

const { command: root } = program(new AbortController().signal);
const models = async (): Promise<string[]> => ["a/small", "b/large"];
const wordsAfter = async (...line: string[]) => {
  const { completions, files } = await offer(root, line, models);
  return { words: completions.map(({ word }) => word), files };
};

describe("what the Tab key offers", () => {
  test("first the commands, without those that are not for people", async () => {
    const { words, files } = await wordsAfter("");
    expect(words).toEqual(expect.arrayContaining(["encode", "tokenize", "models", "help"]));
    expect(words).not.toContain("complete");
    expect(files).toBe(false);
    expect((await wordsAfter("enc")).words).toEqual(["encode"]);
    expect((await wordsAfter("models", "")).words).toEqual(
      expect.arrayContaining(["list", "download", "remove", "verify"]),
    );
  });

  test("flags after a dash, of the command at hand and no other", async () => {
    expect((await wordsAfter("encode", "--out")).words).toEqual(["--output", "--output-format", "--output-type"]);
    expect((await wordsAfter("info", "--out")).words).toEqual([]);
    expect((await wordsAfter("encode", "--", "--out")).words).toEqual([]);
  });

  test("the choices of a flag, also after =", async () => {
    expect((await wordsAfter("encode", "--device", "")).words).toEqual(["wasm", "reference"]);
    expect((await wordsAfter("encode", "--device=ref")).words).toEqual(["--device=reference"]);
    expect((await wordsAfter("completion", "z")).words).toEqual(["zsh"]);
  });

  test("files where a file goes, models where a model goes", async () => {
    expect(await wordsAfter("encode", "--input", "x")).toEqual({ words: [], files: true });
    expect(await wordsAfter("quantize", "--output", "x")).toEqual({ words: [], files: true });
    expect(await wordsAfter("encode", "--model", "a")).toEqual({ words: ["a/small"], files: true });
    expect(await wordsAfter("info", "")).toEqual({ words: ["a/small", "b/large"], files: true });
    expect(await wordsAfter("models", "rm", "b")).toEqual({ words: ["b/large"], files: false });
    expect(await wordsAfter("encode", "a text")).toEqual({ words: [], files: false });
  });
});
