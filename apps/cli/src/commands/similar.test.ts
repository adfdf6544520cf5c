import { readFile } from "node:fs/promises";
import { tinyModelSizes } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();
const { width } = tinyModelSizes;

/** The tiny model names prompts for queries and texts; without them a text and itself are equal. */
const bare = ["--prompt", "", "--document-prompt", ""];

/** The columns of what a pipe gets. */
const cellsOf = (out: string): string[][] =>
  out === ""
    ? []
    : out
        .replace(/\n$/, "")
        .split("\n")
        .map((row) => row.split("\t"));

const objectsOf = (out: string): Record<string, unknown>[] =>
  out === ""
    ? []
    : out
        .trimEnd()
        .split("\n")
        .map((row) => JSON.parse(row));

describe("bertkit similar with queries", () => {
  test("finds the same text first, and gives a pipe query, rank, score, place and text", async () => {
    await line.put("t.txt", "a red house\nthe old library\tis good\na blue dog\n");
    const { code, out, err } = await line.run(["similar", "a blue dog", "--in", "t.txt", "--top", "2", ...bare]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(cellsOf(out).map(([query, rank]) => [query, rank])).toEqual([
      ["a blue dog", "1"],
      ["a blue dog", "2"],
    ]);
    expect(cellsOf(out)[0]?.slice(2)).toEqual(["1.000", "t.txt:3", "a blue dog"]);
  });

  test("searches several files and patterns, and keeps columns", async () => {
    await line.put("a.csv", "id,text\n1,a red house\n2,the sea\n");
    await line.put("b.csv", "text,id\na blue dog,3\n");
    const args = ["similar", "a blue dog", "--in", "*.csv", "--keep", "id", "--top", "1", "--json", ...bare];
    const { out } = await line.run(args);
    expect(objectsOf(out)).toEqual([
      { query: "a blue dog", rank: 1, score: 1, place: "b.csv:2", id: "3", text: "a blue dog" },
    ]);
  });

  test("gives nothing below the threshold, and every query its own", async () => {
    await line.put("t.txt", "a red house\na blue dog\n");
    const args = ["similar", "a red house", "a blue dog", "--in", "t.txt", "--threshold", "0.9999", ...bare];
    const { out } = await line.run(args);
    expect(cellsOf(out).map(([query, , , place]) => [query, place])).toEqual([
      ["a red house", "t.txt:1"],
      ["a blue dog", "t.txt:2"],
    ]);
  });

  test("reads standard input, named or piped", async () => {
    const input = "a red house\na blue dog\n";
    const named = await line.run(["similar", "a blue dog", "--in", "-", "--top", "1"], { input });
    expect(cellsOf(named.out)[0]?.slice(3)).toEqual(["standard input:2", "a blue dog"]);
    expect((await line.run(["similar", "a blue dog", "--top", "1"], { input })).out).toBe(named.out);
  });

  const texts = "a red house\nthe old library\na blue dog\n";
  const scoresOf = (out: string) => cellsOf(out).map(([, rank, score]) => [rank, score]);

  test.each(["v.jsonl", "v.csv", "v.parquet", "v.jsonl.gz", "v.npy", "v.f32"])(
    "vectors that encode has written to %s give what the texts give",
    async (name) => {
      await line.put("t.txt", texts);
      const query = ["similar", "a blue cat"];
      const expected = scoresOf((await line.run([...query, "--in", "t.txt"])).out);
      expect(expected).toHaveLength(3);
      await line.run(["encode", "--prompt-name", "passage", "--input", "t.txt", "--output", name]);
      const { out, err } = await line.run([...query, "--in", name]);
      expect({ err, scores: scoresOf(out) }).toEqual({ err: "", scores: expected });
      const hasTexts = !/npy|f32/.test(name);
      expect(cellsOf(out).every(([, , , , text]) => (text !== "") === hasTexts)).toBe(true);
    },
  );

  test("vectors come through a pipe too, with their texts", async () => {
    const encoded = await line.run(["encode", "--prompt-name", "passage", "-"], { input: texts });
    const args = ["similar", "a blue cat", "--in", "-", "--format", "jsonl"];
    const { out } = await line.run(args, { input: encoded.bytes });
    const plain = await line.run(["similar", "a blue cat", "--in", "-"], { input: texts });
    expect(scoresOf(out)).toEqual(scoresOf(plain.out));
    expect(cellsOf(out).map((cells) => cells.at(-1))).toEqual(cellsOf(plain.out).map((cells) => cells.at(-1)));
  });

  test("nothing in a pipe is nothing to search", async () => {
    for (const format of ["lines", "csv", "jsonl"]) {
      const { code, err } = await line.run(["similar", "q", "--in", "-", "--format", format]);
      expect({ format, code, isNamed: err.includes("the input is empty") }).toEqual({ format, code: 1, isNamed: true });
    }
  });

  test("prompts called query and passage are used by themselves, others when named", async () => {
    await line.put("t.txt", "hello\n");
    const score = async (...flags: string[]) =>
      objectsOf((await line.run(["similar", "hello", "--in", "t.txt", "--json", ...flags])).out)[0]?.score;
    const prompted = await score();
    expect(await score("--prompt-name", "query", "--document-prompt-name", "passage")).toBe(prompted);
    expect(await score("--prompt", "query: ", "--document-prompt", "passage: ")).toBe(prompted);
    expect(await score("--prompt", "", "--document-prompt", "")).toBe(1);
    expect(prompted).not.toBe(1);
  });

  test("a text that was cut is a warning, unless nobody wants to know", async () => {
    await line.put("t.txt", `${"word ".repeat(100)}\nword\n`);
    const args = ["similar", "word", "--in", "t.txt"];
    expect((await line.run(args)).err).toMatch(/^warning: 1 of 2 texts were cut to 64 tokens; --max-length .*\n$/);
    expect((await line.run([...args, "--quiet"])).err).toBe("");
  });
});

describe("bertkit similar --threshold", () => {
  test("gives each pair of near-duplicates once, the best first", async () => {
    await line.put("t.csv", "id,text\n7,a red house\n8,the sea\n9,a red house\n");
    const { out } = await line.run(["similar", "--in", "t.csv", "--threshold", "0.9999", "--id", "id", "--json"]);
    expect(objectsOf(out)).toEqual([
      {
        score: 1,
        place_a: "t.csv:2",
        place_b: "t.csv:4",
        id_a: "7",
        id_b: "9",
        text_a: "a red house",
        text_b: "a red house",
      },
    ]);
  });

  test("compares vectors without a model", async () => {
    await line.put("v.jsonl", '{"vector":[3,4]}\n{"vector":[4,3]}\n{"vector":[6,8]}\n');
    const { out, err } = await line.run(["similar", "--in", "v.jsonl", "--threshold", "0.96", "--model", "none"]);
    expect(err).toBe("");
    expect(cellsOf(out).map((cells) => cells.slice(0, 3))).toEqual([
      ["1.000", "v.jsonl:1", "v.jsonl:3"],
      ["0.960", "v.jsonl:1", "v.jsonl:2"],
      ["0.960", "v.jsonl:2", "v.jsonl:3"],
    ]);
    const best = await line.run(["similar", "--in", "v.jsonl", "--threshold", "0", "--top", "1"]);
    expect(cellsOf(best.out)).toHaveLength(1);
  });
});

describe("bertkit similar --fields", () => {
  test("scores two columns row by row, in their order", async () => {
    await line.put("p.csv", 'id,one,other\n1,a red house,a red house\n2,"the, sea",a dog\n');
    const { code, out, err } = await line.run(["similar", "--in", "p.csv", "--fields", "one,other", "--keep", "id"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [first, second] = objectsOf(out);
    expect(first).toEqual({ id: "1", one: "a red house", other: "a red house", score: 1 });
    expect(second).toMatchObject({ id: "2", one: "the, sea", other: "a dog" });
    expect(second?.score).toBeLessThan(1);
  });

  test("writes a table to a file, whole or not at all", async () => {
    await line.put("p.csv", 'one,other\n"the, sea","the, sea"\n');
    const args = ["similar", "--fields", "one,other", "--output", "out.csv"];
    expect((await line.run([...args, "--in", "p.csv"])).code).toBe(0);
    expect(await readFile(line.path("out.csv"), "utf8")).toBe('one,other,score\n"the, sea","the, sea",1\n');
    await line.put("broken.jsonl", '{"one":"a","other":"b"}\n{"one":"a","other":null}\n');
    const broken = await line.run([...args, "--in", "broken.jsonl"]);
    expect(broken.code).toBe(1);
    expect(broken.err).toContain('broken.jsonl:2: "other" is missing, wanted a string');
    expect(await readFile(line.path("out.csv"), "utf8")).toContain("the, sea");
  });
});

describe("what goes wrong in bertkit similar", () => {
  test.each<[readonly string[], number, string, string]>([
    [["--in", "t.txt"], 2, "nothing to compare the texts with", "--threshold 0.9"],
    [["q", "--in", "t.txt", "--top", "0"], 2, "Wanted a whole number above 0", ""],
    [["q", "--in", "t.txt", "--threshold", "1.5"], 2, "from -1 to 1, as cosines are, got 1.5", "0.9 or more"],
    [["q", "--in", "t.txt", "--fields", "a,b"], 2, "takes no queries", "leave one of them out"],
    [["--in", "t.csv", "--fields", "a"], 2, "--fields takes two columns, got a", "--fields question,answer"],
    [["--in", "t.csv", "--fields", "a,b", "--top", "3"], 2, "are not for --fields", "filter what comes out"],
    [["--in", "t.csv", "--threshold", "0.9", "--score", "dot"], 2, "found by their cosine", "leave --score out"],
    [["--in", "t.csv", "--threshold", "0.9", "--document-prompt", "p"], 2, "with queries", "--prompt"],
    [["q", "--in", "v.jsonl", "--document-prompt", "p"], 2, "vectors that the input already has", "--document-prompt"],
    [["q", "--in", "t.txt", "--output", "out.pdf"], 2, "its extension says no form of results", ".jsonl, .csv or .tsv"],
    [["q", "--in", "t.csv", "--field", "a", "--keep", "score"], 2, 'two columns called "score"', "--keep"],
    [["q", "--in", "empty.txt"], 1, "the input is empty", "another file"],
    [["--threshold", "0.9", "--in", "empty.txt"], 1, "the input is empty", "another file"],
    [["q", "--in", "v.jsonl"], 1, `its vectors have 2 numbers, those of`, "--model"],
    [
      ["--threshold", "0.9", "--in", "w.jsonl"],
      1,
      "w.jsonl:2: this vector has 3 numbers, the one at w.jsonl:1 2",
      "encode",
    ],
    [["--threshold", "0.9", "--in", "n.csv"], 1, 'n.csv:3: the column "vector" has no list of numbers', "[0.1, -0.2]"],
    [["--threshold", "0.9", "--in", "inf.csv"], 1, "inf.csv:2: this vector has NaN or infinity", "leave the row out"],
    [["q", "--in", "v.npy"], 1, "v.npy: this is not NumPy's format", "numpy.save"],
    [["q", "--in", "v.npy", "--in", "t.txt"], 2, "t.txt is not", "one after the other"],
    [["q", "--in", "v.npy", "--keep", "id"], 2, "these have vectors alone", "leave them out"],
    [["q", "--in", "none.txt"], 1, "none.txt: no such file", ""],
  ])("%j ends with %i, one sentence and what to do", async (args, code, sentence, hint) => {
    await line.put("t.txt", "a\nb\n");
    await line.put("t.csv", "a,b,score\n1,2,3\n");
    await line.put("empty.txt", "");
    await line.put("v.jsonl", '{"vector":[1,2]}\n');
    await line.put("w.jsonl", '{"vector":[1,2]}\n{"vector":[1,2,3]}\n');
    await line.put("n.csv", 'vector\n"[1,2]"\none\n');
    await line.put("inf.csv", 'vector\n"[1,1e999]"\n');
    await line.put("v.npy", "not an array");
    const result = await line.run(["similar", ...args]);
    expect({ code: result.code, out: result.out }).toEqual({ code, out: "" });
    expect(result.err).toContain(sentence);
    expect(result.err).toContain(hint);
    expect(result.err.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  });

  test("bare numbers that end in the middle of a row are a failure, and int8 a warning", async () => {
    await line.put("v.f32", Buffer.alloc(4 * width + 3, 1));
    expect((await line.run(["similar", "q", "--in", "v.f32"])).err).toContain("v.f32:2: the file ends in row 2");
    await line.put("v.i8", Buffer.alloc(width, 1));
    const { code, err } = await line.run(["similar", "q", "--in", "v.i8"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: int8 and uint8 vectors have lost the ranges.*\n$/);
  });
});

describeWithData("checkpoints/all-MiniLM-L6-v2", "bertkit similar with a real model", () => {
  test("finds what means the same in other words", async () => {
    await line.put("t.txt", "The stock market fell.\nA dog is playing in the snow.\nShe bought a new car.\n");
    const args = [
      "similar",
      "a puppy romps through a winter garden",
      "shares lost value",
      "--in",
      "t.txt",
      "--top",
      "1",
    ];
    const model = ["--model", dataPath("checkpoints/all-MiniLM-L6-v2")];
    expect(cellsOf((await line.run([...args, ...model])).out).map(([, , , place]) => place)).toEqual([
      "t.txt:2",
      "t.txt:1",
    ]);
  });
});
