import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["reranker", "sentiment", "bert"]);

describe("bertkit rank", () => {
  const passages = ["a red house", "the old library", "a blue dog", "a red house"];

  test("gives a pipe the passages of the command line, the best first", async () => {
    const { code, out, err } = await line.run(["rank", "--model", model("reranker"), "who reads?", ...passages]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = objectsOf(out);
    expect(found.map((row) => Object.keys(row).join())).toEqual(passages.map(() => "query,rank,score,place,text"));
    expect(found.map(({ query, rank }) => [query, rank])).toEqual([1, 2, 3, 4].map((rank) => ["who reads?", rank]));
    const scores = found.map(({ score }) => score as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const { place, text } of found)
      expect(passages[Number((place as string).slice("text ".length)) - 1]).toBe(text);
    const twins = found.filter(({ text }) => text === "a red house").map(({ place }) => place);
    expect(twins).toEqual(["text 1", "text 4"]);
  });

  test("reads files and standard input, keeps columns, and gives ten or so many as are asked for", async () => {
    const rows = Array.from({ length: 15 }, (_, i) => `${i},${"the cat ".repeat(i)}sat\n`);
    await line.put("p.csv", `id,text\n${rows.join("")}`);
    const args = ["rank", "--model", model("reranker"), "a cat"];
    const found = objectsOf((await line.run([...args, "--input", "p.csv", "--id", "id"])).out);
    expect(found).toHaveLength(10);
    for (const { id, place } of found) expect(place).toBe(`p.csv:${Number(id) + 2}`);
    const top = await line.run([...args, "--input", "p.csv", "--id", "id", "--top", "2", "--batch-tokens", "20"]);
    expect(objectsOf(top.out)).toEqual(found.slice(0, 2));
    const lines = await line.run([...args, "-"], { input: rows.map((row) => row.replace(/^\d+,/, "")).join("") });
    expect(objectsOf(lines.out).map(({ score, text }) => [score, text])).toEqual(
      found.map(({ score, text }) => [score, text]),
    );
  });

  test("writes a table, and says how many were cut", async () => {
    await line.put("p.txt", `${"word ".repeat(100)}\nword\n`);
    const args = ["rank", "--model", model("reranker"), "q", "--input", "p.txt", "--output", "out.csv"];
    const { out, err } = await line.run(args);
    expect(out).toBe("");
    expect(err).toMatch(/^warning: 1 of 2 inputs were cut to 64 tokens; --max-length .*\n$/);
    const [head, ...rows] = (await readFile(line.path("out.csv"), "utf8")).trimEnd().split("\n");
    expect(head).toBe("query,rank,score,place,text");
    expect(rows).toHaveLength(2);
  });

  test("takes what similar has found", async () => {
    await line.put("t.txt", `${passages.join("\n")}\n`);
    const similar = await line.run(["similar", "a cat", "--in", "t.txt", "--top", "2", "--json"]);
    const ranked = await line.run(["rank", "--model", model("reranker"), "a cat", "-", "--format", "jsonl"], {
      input: similar.bytes,
    });
    const textsOf = (out: string) => objectsOf(out).map(({ text }) => text);
    expect(textsOf(ranked.out).sort()).toEqual(textsOf(similar.out).sort());
  });

  test("scores two columns row by row, as it scores passages for one query", async () => {
    await line.put("p.csv", `id,q,p\n${passages.map((passage, i) => `${i},who reads?,${passage}\n`).join("")}`);
    const args = ["rank", "--model", model("reranker")];
    const pairs = objectsOf((await line.run([...args, "--input", "p.csv", "--fields", "q,p", "--keep", "id"])).out);
    const ranked = objectsOf((await line.run([...args, "who reads?", ...passages])).out);
    expect(pairs.map(({ id, q, p }) => [id, q, p])).toEqual(passages.map((p, i) => [String(i), "who reads?", p]));
    for (const { place, score } of ranked) expect(pairs[Number((place as string).slice(5)) - 1]!.score).toBe(score);
  });
});

describe("what goes wrong in bertkit rank", () => {
  test.each<["reranker" | "sentiment" | "bert", readonly string[], number, string, string]>([
    ["reranker", [], 2, "there is no query", "--fields query,passage"],
    ["reranker", ["q", "--input", "empty.txt"], 1, "there is nothing to rank: the input is empty", "another file"],
    ["reranker", ["q", "a", "--input", "t.csv"], 2, "from the command line or from --input", "leave one"],
    ["reranker", ["q", "a", "--top", "0"], 2, "Wanted a whole number above 0", ""],
    ["reranker", ["q", "--input", "t.csv", "--fields", "a,b"], 2, "takes no query", "leave one of them out"],
    ["reranker", ["--input", "t.csv", "--fields", "a,b", "--top", "3"], 2, "--top is not for --fields", "filter"],
    ["reranker", ["--input", "t.csv", "--fields", "a"], 2, "--fields takes two columns, got a", "--fields a,b"],
    ["reranker", ["q", "--input", "t.csv", "--field", "a", "--keep", "score"], 2, 'called "score"', "--keep"],
    ["sentiment", ["q", "a"], 1, "scores a passage for a query, which has one label; they are for: classify", "info"],
    ["bert", ["q", "a"], 1, "they are for: fill, next", "bertkit info"],
  ])("%s: %j ends with %i, one sentence and what to do", async (name, args, code, sentence, hint) => {
    await line.put("empty.txt", "");
    await line.put("t.csv", "a,b,score\n1,2,3\n");
    const result = await line.run(["rank", "--model", model(name), ...args]);
    expect({ code: result.code, out: result.out }).toEqual({ code, out: "" });
    expect(result.err).toContain(sentence);
    expect(result.err).toContain(hint);
  });
});
