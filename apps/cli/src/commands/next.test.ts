import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["bert", "sentiment"]);

describe("bertkit next", () => {
  test("gives a pipe a JSON line for each pair, from arguments, standard input and columns alike", async () => {
    const pairs = ["It rains. ||| The street is wet.", "a ||| b"];
    const args = ["next", "--model", model("bert")];
    const { code, out, err } = await line.run([...args, ...pairs]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = objectsOf(out);
    expect(found.map(({ text }) => text)).toEqual(pairs);
    for (const { follows, score } of found) expect(follows).toBe((score as number) >= 0.5);
    expect((await line.run([...args, "-"], { input: `${pairs.join("\n")}\n` })).out).toBe(out);
    await line.put("p.csv", `first,second\n${pairs.map((pair) => `${pair.replace(" ||| ", ",")}\n`).join("")}`);
    const columns = objectsOf((await line.run([...args, "--input", "p.csv", "--fields", "first,second"])).out);
    expect(columns).toEqual(
      found.map(({ text, ...answer }) => {
        const [first, second] = (text as string).split(" ||| ");
        return { first, second, ...answer };
      }),
    );
  });

  test("writes a table, which appears when it is complete", async () => {
    await line.put("p.jsonl", '{"id":7,"a":"x","b":"y"}\n{"id":8,"a":"x","b":null}\n');
    const args = ["next", "--model", model("bert"), "--input", "p.jsonl", "--fields", "a,b", "--keep", "id"];
    const broken = await line.run([...args, "--output", "out.tsv"]);
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('p.jsonl:2: "b" is missing') });
    await expect(readFile(line.path("out.tsv"))).rejects.toThrow("ENOENT");
    await line.put("p.jsonl", '{"id":7,"a":"x","b":"y"}\n');
    await line.run([...args, "--output", "out.tsv"]);
    expect(await readFile(line.path("out.tsv"), "utf8")).toMatch(
      /^id\ta\tb\tfollows\tscore\n7\tx\ty\t(true|false)\t0\.\d{1,6}\n$/,
    );
  });
});

describe("what goes wrong in bertkit next", () => {
  test.each<["bert" | "sentiment", readonly string[], number, string, string]>([
    ["bert", ["a ||| b", "one text"], 1, "text 2: this is one text, wanted a pair", "--fields a,b"],
    [
      "sentiment",
      ["a ||| b"],
      1,
      "its weights lack a head that tells whether one text follows another",
      "bertkit info",
    ],
    ["bert", ["--input", "none.csv"], 1, "none.csv: no such file", ""],
    ["bert", ["a ||| b", "--max-length", "2"], 1, "this model takes 3 to 64 tokens", ""],
  ])("%s: %j ends with %i, one sentence and what to do", async (name, args, code, sentence, hint) => {
    const result = await line.run(["next", "--model", model(name), ...args]);
    expect({ code: result.code, isNamed: result.err.includes(sentence) }).toEqual({ code, isNamed: true });
    expect(result.err).toContain(hint);
  });
});
