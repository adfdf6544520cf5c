import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "./fixtures/command-line.js";

const line = useCommandLine();

describe("what goes wrong", () => {
  test.each([
    [["encode", "--input", "none.txt"], 1, "none.txt", ""],
    [["encode", "--input", "."], 1, "folder", "*"],
    [["encode", "--input", "t.csv", "--field", "bodi"], 1, "bodi", "body"],
    [["encode", "--input", "ragged.csv", "--field", "a"], 1, "ragged.csv:3: 3 fields where the header has 2", ""],
    [["encode", "--input", "t.csv", "--format", "jsonl"], 1, "t.csv:1: this line is not JSON", ""],
    [["encode", "a", "--output", "none/v.npy"], 1, "there is no folder none", ""],
    [["encode", "a", "--output", "v.xyz"], 2, ".xyz is no known form", "--output-format"],
    [["encode", "a", "--output-format", "npy"], 2, "npy cannot go to standard output", "--output"],
    [["encode", "--input", "t.csv", "--field", "body", "--output", "t.csv"], 2, "t.csv", ""],
    [["encode", "a", "--input", "b"], 2, "", ""],
    [["encode", "a", "-"], 2, "-", ""],
    [["encode", "a", "--field", "b"], 2, "--field", ""],
    [["encode", "--model", "./none", "a"], 1, "there is no folder ./none", "namespace/name"],
    [["encode", "--model", ".", "a"], 1, "config.json", "bertkit info"],
    [["encode", "--max-length", "9999", "a"], 1, "this model takes 3 to 64 tokens", ""],
    [["encode", "--max-length", "0", "a"], 2, "Wanted a whole number above 0", "--help"],
    [["encode", "--dimensions", "33", "a"], 1, "this model's vectors have 1 to 32, got 33", ""],
    [["encode", "--prompt-name", "none", "a"], 1, "it has query, passage", ""],
    [["encode", "--prompt-name", "query", "--prompt", "q", "a"], 2, "cannot be used with", ""],
    [["encode", "--device", "abacus", "a"], 2, "Allowed choices are", ""],
    [["encode", "--resume", "--restart", "a"], 2, "cannot be used with", ""],
    [["tokenize", "a", "--output", "v.npy"], 2, "v.npy", ".jsonl"],
    [["info", "./none"], 1, "there is no folder ./none", "namespace/name"],
    [["models", "lsit"], 2, "unknown command 'lsit'", "list"],
    [["encod"], 2, "unknown command 'encod'", "did you mean encode?"],
    [["encode", "--poolin", "cls", "a"], 2, "unknown option '--poolin'", "did you mean --pooling?"],
    [["encode", "-273 °C"], 2, "unknown option '-273 °C'", "after --"],
  ])("%j ends with %i, a line that says what, and one that says what to do", async (args, expected, sentence, hint) => {
    await line.put("t.csv", "id,body\n1,2\n");
    await line.put("ragged.csv", "a,b\n1,2\n1,2,3\n");
    const { code, out, err } = await line.run(args);
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    const [first = "", second = ""] = err.split("\n");
    expect(first).toContain(sentence);
    expect(second).toContain(hint);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(await readdir(line.folder)).toEqual(["ragged.csv", "t.csv"]);
  });

  test("shows where it comes from only if asked", async () => {
    const args = ["encode", "--model", "./none", "a"];
    expect((await line.run(args)).err).not.toContain("    at ");
    expect((await line.run([...args, "--verbose"])).err).toMatch(/there is no folder \.\/none[\s\S]*\n {4}at /);
    expect((await line.run(args, { environment: { BERTKIT_VERBOSE: "1" } })).err).toMatch(/\n {4}at /);
  });

  test("leaves the older file as it was", async () => {
    await line.put("t.jsonl", '{"text":"a"}\nnonsense\n');
    await line.put("v.npy", "older");
    const { code, err } = await line.run(["encode", "--input", "t.jsonl", "--output", "v.npy"]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("t.jsonl:2: this line is not JSON") });
    expect(await readFile(line.path("v.npy"), "utf8")).toBe("older");
  });

  const onFullDevice = existsSync("/dev/full") ? test : test.skip;
  onFullDevice("a full disk is one sentence and what to do", async () => {
    const { code, err } = await line.run(["encode", "a", "--output", "/dev/full", "--output-format", "raw"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^error: \/dev\/full: the disk is full\nhint: /),
    });
  });

  test("has colours on request, and none in a pipe", async () => {
    const { err } = await line.run(["encod"]);
    expect(err).not.toContain("\u001b[");
    const colored = await line.run(["encod"], { environment: { FORCE_COLOR: "1" } });
    expect(colored.err).toContain("\u001b[");
    expect((await line.run(["encod", "--no-color"], { environment: { FORCE_COLOR: "1" } })).err).not.toContain(
      "\u001b[",
    );
  });
});
