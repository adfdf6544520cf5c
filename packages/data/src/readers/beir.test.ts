import { describe, expect, test } from "@jest/globals";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { readBeirCorpus, readBeirQrels, readBeirQueries } from "./beir.js";

describe("a corpus in BEIR's layout", () => {
  test("is texts with titles", async () => {
    const file = '{"_id": "d1", "title": "T", "text": "A.", "metadata": {"url": "x"}}\n{"_id": "d2", "text": ""}\n';
    expect(await gather(readBeirCorpus(file))).toEqual([
      { line: 1, id: "d1", title: "T", text: "A." },
      { line: 2, id: "d2", title: "", text: "" },
    ]);
  });

  test("has queries", async () => {
    expect(await gather(readBeirQueries('\ufeff{"_id": "q1", "text": "Who?", "metadata": {}}'))).toEqual([
      { line: 1, id: "q1", text: "Who?" },
    ]);
  });

  test("has judgements, whose ids may be numbers or hold spaces", async () => {
    expect(await gather(readBeirQrels("query-id\tcorpus-id\tscore\r\n0\td 1\t2\r\n0\td2\t0\r\n"))).toEqual([
      { line: 2, query: "0", document: "d 1", relevance: 2 },
      { line: 3, query: "0", document: "d2", relevance: 0 },
    ]);
  });
});

test.each<[read: (file: string) => AsyncIterable<unknown>, file: string, code: string, message: string | RegExp]>([
  [readBeirCorpus, '{"_id": 1, "text": ""}', "shape", "line 1, _id: wanted a string, came 1"],
  [readBeirCorpus, '{"_id": "1"}', "shape", "line 1, text: wanted a string, came nothing"],
  [readBeirQueries, "\nq1\tWho?", "json", /^line 2: wanted JSON/],
  [
    readBeirQrels,
    "",
    "empty",
    'wanted a header line with the columns "query-id", "corpus-id", "score", came an empty file',
  ],
  [readBeirQrels, "q1\td1\t1", "columns", /^line 1: wanted a header line with the columns "query-id"/],
  [readBeirQrels, "query-id\tcorpus-id\tscore\nq1\td1", "columns", /^line 2: wanted 3 columns between tabs, came 2/],
  [
    readBeirQrels,
    "query-id\tcorpus-id\tscore\nq1\td1\t0.5",
    "value",
    'line 2: wanted a whole number as the score, came "0.5"',
  ],
])("%p of %j is an error of code %s", async (read, file, code, message) => {
  const error = await errorOf(read(file));
  expect(error.code).toBe(code);
  if (typeof message === "string") expect(error.message).toBe(message);
  else expect(error.message).toMatch(message);
});

test("records that are bad can be told and left out", async () => {
  const told: string[] = [];
  const options = { onBadRecord: ({ message }: Error) => void told.push(message) };
  expect(await gather(readBeirQueries('{"_id": "q1"}\n{"_id": "q2", "text": ""}', options))).toHaveLength(1);
  expect(await gather(readBeirQrels("query-id\tcorpus-id\tscore\nq\td\tx\nq\td\t1", options))).toHaveLength(1);
  expect(told).toEqual([
    "line 1, text: wanted a string, came nothing",
    'line 2: wanted a number as the score, came "x"',
  ]);
});
