import { describe, expect, test } from "@jest/globals";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { readScoredPairs } from "./scored-pairs.js";

const glue = "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2";

describe("pairs with scores", () => {
  test.each([
    [`${glue}\tscore\n7\tmain\tMSRvid\t2012\t0001\tnone\tnone\tA "plane.\tB\t4.571428\n`, "7", 4.571428],
    [`${glue}\n7\tmain\tMSRvid\t2012\t0001\tnone\tnone\tA "plane.\tB\n`, "7", undefined],
    ['main-captions\tMSRvid\t2012test\t0024\t2.500\tA "plane.\tB\n', "0024", 2.5],
    ['main-news\theadlines\t2016\t0024\t0\tA "plane.\tB\thttp://a\thttp://b\n', "0024", 0],
    ['pair_ID\tsentence_A\tsentence_B\trelatedness_score\n3\tA "plane.\tB\t1e-1\n', "3", 0.1],
    ['\ufeffsentence1\tsentence2\tscore\r\nA "plane.\tB\t-0.5\r\n', undefined, -0.5],
  ])("are read from %j", async (file, id, score) => {
    const [pair, ...others] = await gather(readScoredPairs(file));
    expect(others).toEqual([]);
    expect(pair).toEqual({ line: pair?.line, id, text: 'A "plane.', pair: "B", score });
  });

  test.each<[file: string, code: string, message: string]>([
    ["A\tB\t1\n", "columns", 'line 1: wanted 7 or more columns between tabs, came 3: "A\\tB\\t1"'],
    ["sentence1\tsentence2\tscore\nA\tB", "columns", 'line 2: wanted 3 columns between tabs, came 2: "A\\tB"'],
    ["sentence1\tsentence2\tscore\nA\tB\t", "value", 'line 2: wanted a number as the score, came ""'],
    ["sentence1\tsentence2\tscore\nA\tB\tNaN", "value", 'line 2: wanted a number as the score, came "NaN"'],
    ["sentence1\tsentence2\tscore\nA\tB\t1e999", "value", 'line 2: wanted a number as the score, came "1e999"'],
    ["sentence1\tsentence2\tscore\nA\tB\t0x10", "value", 'line 2: wanted a number as the score, came "0x10"'],
  ])("in %j are an error of code %s", async (file, code, message) => {
    expect(await errorOf(readScoredPairs(file))).toMatchObject({ code, message });
  });

  test("with a bad score can be told and left out", async () => {
    const told: string[] = [];
    const file = "sentence1\tsentence2\tscore\nA\tB\tx\nC\tD\t5";
    const pairs = await gather(readScoredPairs(file, { onBadRecord: ({ code }) => void told.push(code) }));
    expect(pairs.map(({ text }) => text)).toEqual(["C"]);
    expect(told).toEqual(["value"]);
  });
});
