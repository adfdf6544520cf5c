import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { readTrecRun } from "../readers/trec.js";
import { toTrecRun } from "./trec.js";

test("a run has a line for each find, ranked from 1 in each query", () => {
  const found = [
    [
      "q1",
      [
        { document: "d1", score: 0.5 },
        { document: "d2", score: -1e-7 },
      ],
    ],
    ["q2", []],
    ["q3", [{ document: "d1", score: 2 }]],
  ] as const;
  expect(toTrecRun(found, "bm25")).toBe("q1 Q0 d1 1 0.5 bm25\nq1 Q0 d2 2 -1e-7 bm25\nq3 Q0 d1 1 2 bm25\n");
});

test("what is written is read back", async () => {
  const id = fc.stringMatching(/^[^\s\ufeff]{1,12}$/u);
  const find = fc.record({ document: id, score: fc.double({ noNaN: true, noDefaultInfinity: true }) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(id, fc.array(find))), async (queries) => {
      const entries = queries.flatMap(([query, found]) =>
        found.map(({ document, score }, i) => ({ query, document, rank: i + 1, score: score + 0, run: "r" })),
      );
      const read = await gather(readTrecRun(toTrecRun(queries, "r")));
      expect(read).toEqual(entries.map((entry, i) => ({ line: i + 1, ...entry })));
    }),
  );
});

test.each([
  ["a b", "d", 1, "r", 'wanted a query without white space, which a run file has between columns, came "a b"'],
  ["q", "", 1, "r", 'wanted a document without white space, which a run file has between columns, came ""'],
  [
    "q",
    "d",
    1,
    "my run",
    'wanted the run\'s name without white space, which a run file has between columns, came "my run"',
  ],
  ["q", "d", Number.NaN, "r", 'wanted a finite score of "d", came NaN'],
])("query %j, document %j, score %j and run %j are an error", async (query, document, score, run, message) => {
  const error = await errorOf(() => toTrecRun([[query, [{ document, score }]]], run));
  expect(error).toMatchObject({ code: "value", message });
});
