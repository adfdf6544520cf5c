import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["bert", "sentiment"]);

/** A text's masks, as a JSON line has them. */
interface Filled {
  readonly masks: readonly {
    readonly start: number;
    readonly end: number;
    readonly guesses: readonly { readonly token: string; readonly score: number; readonly text: string }[];
  }[];
}

const filled = (out: string) => objectsOf(out) as unknown as Filled[];

describe("bertkit fill", () => {
  test("gives a pipe each mask of each text with its five likeliest words", async () => {
    const text = "The [MASK] reads ||| a [MASK].";
    const { code, out, err } = await line.run(["fill", "--model", model("bert"), text]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [{ masks }] = filled(out) as [Filled];
    expect(masks.map(({ start, end, guesses }) => [text.slice(start, end), guesses.length])).toEqual([
      ["[MASK]", 5],
      ["[MASK]", 5],
    ]);
    for (const { guesses } of masks) {
      const scores = guesses.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  test("guesses among targets alone, from a file, into a table with a row for each guess", async () => {
    await line.put("c.csv", "id,text\n1,The [MASK].\n2,A [MASK] [MASK]\n");
    const args = ["fill", "--model", model("bert"), "--input", "c.csv", "--keep", "id", "--targets", "cat, dog"];
    const [first] = filled((await line.run([...args, "--top", "1"])).out);
    expect(first!.masks[0]!.guesses).toHaveLength(1);
    await line.run([...args, "--output", "out.csv"]);
    const [head, ...rows] = (await readFile(line.path("out.csv"), "utf8")).trimEnd().split("\n");
    expect(head).toBe("id,text,mask,token,score,filled");
    expect(rows.map((row) => row.split(",").filter((_, i) => i !== 4))).toHaveLength(6);
    const best = first!.masks[0]!.guesses[0]!;
    expect(rows[0]).toBe(`1,The [MASK].,1,${best.token},${best.score},${best.text}`);
    expect(rows.map((row) => row.split(",")[2])).toEqual(["1", "1", "1", "1", "2", "2"]);
  });

  test("reads standard input", async () => {
    const { out } = await line.run(["fill", "--model", model("bert"), "-", "--json"], { input: "a [MASK]\n[MASK]\n" });
    expect(filled(out).map(({ masks }) => masks.map(({ start }) => start))).toEqual([[2], [0]]);
  });
});

describe("what goes wrong in bertkit fill", () => {
  test.each<["bert" | "sentiment", readonly string[], number, string, string]>([
    ["sentiment", ["[MASK]"], 1, "its weights lack a head that fills masks; they are for: classify", "bertkit info"],
    ["bert", ["[MASK]", "no mask"], 1, "text 2: there is no [MASK] in the text", "put [MASK] where a word is missing"],
    [
      "bert",
      ["a a a a a a a [MASK]", "--max-length", "6"],
      1,
      "text 1: put [MASK] where",
      "let --max-length read more",
    ],
    [
      "bert",
      ["[MASK]", "--targets", "cats,dog,☂"],
      1,
      '"cats" is not one token but cat ##s; the target "☂"',
      "bertkit tokenize WORD",
    ],
    ["bert", ["[MASK]", "--targets", ","], 2, "Wanted names separated by commas", ""],
    ["bert", ["[MASK]", "--top", "none"], 2, "Wanted a whole number above 0", ""],
    ["bert", ["[MASK]", "--fields", "a,b"], 2, "unknown option '--fields'", ""],
    ["bert", ["--input", "t.csv"], 1, "t.csv:3: there is no [MASK]", "put [MASK]"],
  ])("%s: %j ends with %i, one sentence and what to do", async (name, args, code, sentence, hint) => {
    await line.put("t.csv", "id,text\n1,[MASK]\n2,a\n");
    const result = await line.run(["fill", "--model", model(name), ...args]);
    expect({ code: result.code, isNamed: result.err.includes(sentence) }).toEqual({ code, isNamed: true });
    expect(result.err).toContain(hint);
  });
});
