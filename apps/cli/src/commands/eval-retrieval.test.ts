import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";

const line = useCommandLine();
const run = (...args: string[]) => line.run(["eval", "retrieval", "--data", "beir", ...args]);
const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const corpus = [
  { _id: "house", title: "", text: "a red house" },
  { _id: "library", title: "the old", text: "library is good" },
  { _id: "dog", title: "", text: "a blue dog" },
  { _id: "sea", title: "", text: "the sea is blue and good" },
];
const queries = [
  { _id: "dog", text: "a blue dog" },
  { _id: "books", text: "the old library is good" },
  { _id: "idle", text: "nobody judged this" },
];

beforeEach(async () => {
  await mkdir(line.path("beir/qrels"), { recursive: true });
  await line.put("beir/corpus.jsonl", jsonLines(corpus));
  await line.put("beir/queries.jsonl", jsonLines(queries));
  await line.put(
    "beir/qrels/test.tsv",
    "query-id\tcorpus-id\tscore\ndog\tsea\t1\nbooks\tlibrary\t2\nbooks\thouse\t1\n",
  );
});

describe("bertkit eval retrieval with a run file", () => {
  const trec = (...rows: (readonly [query: string, document: string, score: number])[]): string =>
    rows.map(([query, document, score], i) => `${query} Q0 ${document} ${i + 1} ${score} me\n`).join("");

  test("scores it as trec_eval does", async () => {
    await line.put(
      "run.trec",
      trec(["dog", "house", 2], ["dog", "sea", 1], ["books", "library", 5], ["books", "dog", 3]),
    );
    const { code, out, err } = await run("--predictions", "run.trec");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const scores = JSON.parse(out);
    const [second, ideal] = [1 / Math.log2(3), 2 + 1 / Math.log2(3)];
    expect(scores["NDCG@10"]).toBeCloseTo((second + 2 / ideal) / 2, 12);
    expect(scores).toMatchObject({ "MRR@10": 0.75, "Recall@1": 0.25, "Recall@10": 0.75, "P@1": 0.5, total: 2 });
  });

  test("takes judgements alone, of BEIR and of TREC", async () => {
    await line.put("run.trec", trec(["dog", "sea", 1], ["books", "library", 5]));
    await line.put("qrels.txt", "dog 0 sea 1\nbooks 0 library 2\nbooks 0 house 1\n");
    const { out } = await run("--predictions", "run.trec");
    for (const data of ["beir/qrels/test.tsv", "qrels.txt"]) {
      expect((await line.run(["eval", "retrieval", "--data", data, "--predictions", "run.trec"])).out).toBe(out);
    }
  });

  test("names judged queries that were not searched, which are left out", async () => {
    await line.put("run.trec", trec(["dog", "sea", 1]));
    const { out, err } = await run("--predictions", "run.trec");
    expect(JSON.parse(out)).toMatchObject({ "MRR@1": 1, total: 1 });
    expect(err).toBe("warning: 1 of 2 judged queries were not searched, and are left out (books)\n");
  });

  test.each([
    ["columns of another kind", "run.trec", "dog sea 1\n", "run.trec:1: wanted 6 columns"],
    [
      "a document twice",
      "run.trec",
      trec(["dog", "sea", 1], ["dog", "sea", 2]),
      "run.trec:2: the document sea stands there twice",
    ],
    ["queries of other data", "run.trec", trec(["x", "y", 1]), "none of the judged queries was searched"],
    ["no finds", "run.trec", "", "run.trec: nothing was found"],
    ["no judgements", "beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "test.tsv: there are no judgements"],
    ["judgements without their header", "beir/qrels/test.tsv", "dog\tsea\t1\n", "test.tsv:1: wanted a header line"],
  ])("%s is an error that says so", async (_what, name, content, sentence) => {
    await line.put("run.trec", trec(["dog", "sea", 1]));
    await line.put(name, content);
    const { code, out, err } = await run("--predictions", "run.trec");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });
});

describe("bertkit eval retrieval with a sentence encoder", () => {
  test("ranks every document but the one with the query's id, a title before its text", async () => {
    const made = await run("--output", "run.trec");
    expect(made).toMatchObject({ code: 0, err: "" });
    const rows = (await readFile(line.path("run.trec"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((row) => row.split(" "));
    expect(rows.map(([query]) => query)).toEqual(["dog", "dog", "dog", "books", "books", "books", "books"]);
    expect(
      rows
        .filter(([query]) => query === "dog")
        .map(([, , document]) => document)
        .sort(),
    ).toEqual(["house", "library", "sea"]);
    expect(rows[3]?.slice(0, 4)).toEqual(["books", "Q0", "library", "1"]);
    expect(await readdir(line.folder)).toEqual(["beir", "run.trec"]);
    // The same without a file, and by the file alone.
    expect((await run()).out).toBe(made.out);
    expect((await run("--predictions", "run.trec")).out).toBe(made.out);
  });

  test("reads files of gzip, other judgements, and so many of their queries", async () => {
    await line.put("beir/corpus.jsonl.gz", gzipSync(jsonLines(corpus)));
    await line.put("beir/corpus.jsonl", "");
    await line.put("beir/qrels/dev.tsv", "query-id\tcorpus-id\tscore\nbooks\tlibrary\t1\nidle\tsea\t1\n");
    const empty = await run("--split", "dev");
    expect(empty.err).toContain("the corpus is empty");
    await rm(line.path("beir/corpus.jsonl"));
    const { out } = await run("--split", "dev", "--limit", "1", "--top", "3");
    expect(Object.keys(JSON.parse(out)).filter((name) => name.startsWith("NDCG"))).toEqual(["NDCG@1", "NDCG@3"]);
    expect(JSON.parse(out)).toMatchObject({ "MRR@1": 1, total: 1 });
  });

  test("a re-ranker reads the first finds again, and the others are dropped", async () => {
    await writeTinyModel(line.path("reranker"), headedModels.reranker);
    const { code, err } = await run("--reranker", "reranker", "--rerank-top", "2", "--output", "run.trec");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const rows = (await readFile(line.path("run.trec"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((row) => row.split(" "));
    expect(rows.map(([query]) => query)).toEqual(["dog", "dog", "books", "books"]);
    const passages = rows.slice(2).map(([, , document]) => corpus.find(({ _id }) => _id === document)!);
    const pairs = passages.map(({ title, text }) => `the old library is good ||| ${`${title} ${text}`.trim()}`);
    const classified = await line.run(["classify", "--model", "reranker", ...pairs]);
    const classifiedScores = classified.out
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row).labels[0].score);
    const scores = rows.slice(2).map(([, , , , score]) => Number(score));
    expect(scores[0]).toBeGreaterThanOrEqual(scores[1]!);
    expect(scores.map((score) => Number(score.toFixed(6)))).toEqual(classifiedScores);
  });

  test("goes on where it stopped, with the same result", async () => {
    const whole = await run();
    await line.put("beir/corpus.jsonl", `${jsonLines(corpus.slice(0, 3))}nonsense\n`);
    const args = ["--output", "run.trec", "--batch-tokens", "1"];
    const stopped = await run(...args);
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain("beir/corpus.jsonl:4: wanted JSON");
    expect(stopped.err).toMatch(/stopped after \d rows?; the same command with --resume continues/);
    await line.put("beir/corpus.jsonl", jsonLines(corpus));
    expect((await run(...args)).err).toContain("run.trec: an unfinished run has left");
    const resumed = await run(...args, "--resume");
    expect(resumed).toMatchObject({ code: 0, out: whole.out });
    expect(resumed.err).toMatch(/^note: going on after \d documents? of an interrupted run\n$/);
    expect((await readdir(line.folder)).sort()).toEqual(["beir", "run.trec"]);
  });

  test.each([
    ["a folder without its corpus", ["--split", "test"], "beir/corpus.jsonl: no such file"],
    ["a split that is not there", ["--split", "train"], "beir/qrels/train.tsv: no such file"],
  ])("%s is an error that says so", async (_what, args, sentence) => {
    await rm(line.path("beir/corpus.jsonl"));
    const { code, err } = await run(...args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
  });

  test("judgements alone can't be searched, nor queries of other data", async () => {
    const alone = await line.run(["eval", "retrieval", "--data", "beir/qrels/test.tsv"]);
    expect(alone).toMatchObject({ code: 2, out: "" });
    await line.put("beir/queries.jsonl", jsonLines([{ _id: "x", text: "y" }]));
    expect((await run()).err).toContain("beir/queries.jsonl: none of its 1 queries is judged");
  });
});
