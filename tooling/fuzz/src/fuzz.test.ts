import { describe, expect, test } from "@jest/globals";
import { parserOf, parsers } from "./parsers.js";
import { inputOf } from "./run/case.js";
import { judge } from "./run/judge.js";

// The short version of what `node tooling/fuzz/bin/fuzz.js` does for as long as one likes; a fixed seed.
const cases = 100;
const seed = 20;

describe("a parser of @bertkit/checkpoint", () => {
  test.each(parsers)("$name reads damaged files or says what is wrong with them, and nothing else", async (parser) => {
    const outcomes = new Map<string, number>();
    for (let number = 0; number < cases; number++) {
      const { outcome, problem } = await judge(inputOf({ parser, seed, number }));
      expect(problem).toBeUndefined();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // So that neither good files nor bad ones only get as far as the first check.
    expect(outcomes.get("read")).toBeGreaterThan(cases / 20);
    const refusals = [...outcomes.keys()].filter((outcome) => outcome !== "read" && outcome !== "empty");
    expect(refusals.length).toBeGreaterThanOrEqual(2);
  });
});

describe("a case", () => {
  test("has the same files whenever it is made", () => {
    for (const parser of parsers) {
      const [first, second] = [0, 1].map(() => inputOf({ parser, seed, number: 3 }));
      expect(first).toEqual(second);
    }
  });

  test("of a parser that there is not is an error that lists those there are", () => {
    expect(() => parserOf("pdf")).toThrow(/no parser pdf, but safetensors, /);
  });
});
