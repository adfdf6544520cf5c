import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { anyText } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { readTrecQrels, readTrecRun } from "./trec.js";

test("judgements stand between spaces or tabs, and may be negative", async () => {
  expect(await gather(readTrecQrels("301 0 FBIS3-1 1\n\n301\t0\tFBIS3-2\t-2\r\n"))).toEqual([
    { line: 1, query: "301", document: "FBIS3-1", relevance: 1 },
    { line: 3, query: "301", document: "FBIS3-2", relevance: -2 },
  ]);
});

test("a run has a rank and a score for each text", async () => {
  expect(await gather(readTrecRun("301 Q0 FBIS3-1 0 12.5 bm25\n  301 Q0 FBIS3-2 1 -1.5e-3 bm25"))).toEqual([
    { line: 1, query: "301", document: "FBIS3-1", rank: 0, score: 12.5, run: "bm25" },
    { line: 2, query: "301", document: "FBIS3-2", rank: 1, score: -0.0015, run: "bm25" },
  ]);
});

test.each<[read: typeof readTrecQrels | typeof readTrecRun, file: string, code: string, message: string]>([
  [
    readTrecQrels,
    "1 0 d",
    "columns",
    'line 1: wanted 4 columns (query, iteration, document, relevance), came 3: "1 0 d"',
  ],
  [readTrecQrels, "1 0 d 1.5", "value", 'line 1: wanted a whole number as the relevance, came "1.5"'],
  [
    readTrecRun,
    "\n1 Q0 d 1 0.5",
    "columns",
    'line 2: wanted 6 columns (query, Q0, document, rank, score, run), came 5: "1 Q0 d 1 0.5"',
  ],
  [readTrecRun, "1 Q0 d first 0.5 r", "value", 'line 1: wanted a number as the rank, came "first"'],
  [readTrecRun, "1 Q0 d 1 nan r", "value", 'line 1: wanted a number as the score, came "nan"'],
  [
    readTrecRun,
    `1 Q0 d 1 ${"9".repeat(100)} r`,
    "value",
    expect.stringMatching(/^line 1: wanted a number as the score, came "9+…"$/) as never,
  ],
])("%p of %j is an error of code %s", async (read, file, code, message) => {
  expect(await errorOf(read(file))).toMatchObject({ code, message });
});

test("lines that are bad can be told and left out", async () => {
  const told: (number | undefined)[] = [];
  const onBadRecord = ({ line }: DataError): void => void told.push(line);
  expect(await gather(readTrecQrels("1 0 d\n1 0 d x\n1 0 d 1", { onBadRecord }))).toHaveLength(1);
  expect(told).toEqual([1, 2]);
});

test("any text is entries or a DataError", async () => {
  await fc.assert(
    fc.asyncProperty(anyText("1 Q0 d 1 0.5 r\n", "1 0 d 1\n"), async (file) => {
      for (const read of [readTrecQrels, readTrecRun]) {
        try {
          for (const { query } of await gather<{ query: string }>(read(file))) expect(query).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }
    }),
  );
});
