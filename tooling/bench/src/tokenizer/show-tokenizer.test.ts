import { expect, test } from "@jest/globals";
import { machine } from "../fixtures/results.js";
import { showTokenizer } from "./show-tokenizer.js";
import type { Comparison } from "./tokenizer-result.js";

const at = (median: number) => ({ median, p10: median - 0.25, p90: median + 0.25 });
const comparison: Comparison = {
  work: "ids",
  rival: "slow",
  ourSpeed: at(12),
  rivalSpeed: at(4),
  ratio: at(3),
  wanted: 3,
};

test("each comparison has a row with what is wanted of it, each rival a line about its ids", () => {
  const size = { title: "English", lines: 12_345, bytes: 5_000_000 };
  const example = { text: "an 𣈜", ours: [100, 2], theirs: [2] };
  const text = showTokenizer({
    program: "tokenizer",
    machine,
    texts: [
      {
        ...size,
        comparisons: [comparison, { ...comparison, rival: "fast", ratio: at(2.5) }],
        rivals: [
          { rival: "slow", different: 0, example: undefined },
          { rival: "fast", different: 1200, example },
        ],
      },
    ],
    loads: [{ title: "base", tokens: 30_522, sides: [{ name: "bertkit", milliseconds: at(60.5) }], wanted: 60 }],
    workers: { ...size, one: at(10), two: at(17), ratio: at(1.7), wanted: 1.6 },
  });
  expect(text).toMatch(/^English +ids +slow +12\.0 +4\.0 +3\.00 +2\.75 +3\.25 +≥ 3$/m);
  expect(text).toMatch(/^English +ids +fast .*≥ 3 MISSED$/m);
  expect(text).toContain("English: 5.0 MB in 12,345 lines\n  slow: the same ids\n  fast: other ids in 1,200 lines");
  expect(text).toContain('in "an 𣈜" ours go on 100 2, theirs 2');
  expect(text).toMatch(/^base +30,522 +bertkit +61 +60 +61 +< 60 MISSED$/m);
  expect(text).toContain("one 10.0 MB/s, two 17.0, faster by\n1.70, 1.45, 1.95 (median, p10, p90), wanted ≥ 1.6\n");
});
