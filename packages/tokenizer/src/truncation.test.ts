import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { TokenizerError } from "./tokenizer-error.js";
import { type Truncation, truncatedLengths } from "./truncation.js";

const lengths = (first: number, second: number | undefined, budget: number, truncation: Truncation) => {
  const kept = truncatedLengths({ first, second, budget, truncation, spareToken: "longer" });
  return [kept.first, kept.second];
};

describe("truncation", () => {
  test("longest_first takes from the longer until both are equal, then from both", () => {
    expect(lengths(5, 3, 8, "longest_first")).toEqual([5, 3]);
    expect(lengths(5, 3, 7, "longest_first")).toEqual([4, 3]);
    expect(lengths(5, 3, 4, "longest_first")).toEqual([2, 2]);
  });

  test("the odd token goes to the longer, of equals to the second; in Google's to the first", () => {
    expect(lengths(5, 3, 3, "longest_first")).toEqual([2, 1]);
    expect(lengths(3, 5, 3, "longest_first")).toEqual([1, 2]);
    expect(lengths(4, 4, 3, "longest_first")).toEqual([1, 2]);
    const request = { second: 4, budget: 3, truncation: "longest_first", spareToken: "first" } as const;
    expect(truncatedLengths({ first: 4, ...request })).toEqual({ first: 2, second: 1 });
  });

  test("one sequence alone is cut only as far as something is left of it", () => {
    expect(lengths(5, 3, 4, "only_first")).toEqual([1, 3]);
    expect(() => lengths(5, 3, 3, "only_first")).toThrow(TokenizerError);
    expect(lengths(5, 3, 6, "only_second")).toEqual([5, 1]);
    expect(() => lengths(5, 3, 5, "only_second")).toThrow(expect.objectContaining({ code: "maximum_too_short" }));
  });

  test("a second sequence that is not there cannot be cut", () => {
    expect(() => lengths(5, undefined, 4, "only_second")).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(lengths(5, undefined, 5, "only_second")).toEqual([5, 0]);
  });

  test("no budget leaves nothing", () => {
    expect(lengths(5, 3, 0, "only_first")).toEqual([0, 0]);
  });
});

describeWithData("tokenizer-goldens/truncation-grid.jsonl.gz", "for all small lengths", () => {
  test("what stays is what Hugging Face leaves", () => {
    const path = dataPath("tokenizer-goldens", "truncation-grid.jsonl.gz");
    const [, ...lines] = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1900);
    for (const line of lines) {
      const row = JSON.parse(line) as { a: number; b: number; max: number; google: number[] } & Record<
        Truncation,
        number[] | string
      >;
      const google = truncatedLengths({
        first: row.a,
        second: row.b,
        budget: row.max,
        truncation: "longest_first",
        spareToken: "first",
      });
      expect([google.first, google.second]).toEqual(row.google);
      for (const truncation of ["longest_first", "only_first", "only_second"] as const) {
        const cut = () => lengths(row.a, row.b, row.max, truncation);
        if (typeof row[truncation] === "string") expect(cut).toThrow(TokenizerError);
        else expect(cut()).toEqual(row[truncation]);
      }
    }
  });
});
