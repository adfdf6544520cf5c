import { describe, expect, test } from "@jest/globals";
import { comparison } from "../fixtures/results.js";
import { ownTable, rivalTable } from "./encode-section.js";

describe("the table of rivals", () => {
  test("has both precisions in a row, and what misses its target is bold", () => {
    const slow = { median: 0.5, p10: 0.4, p90: 0.6 };
    const [, ...rows] = rivalTable([comparison(), comparison({ precision: "int8", speed: slow })], "26.10.0");
    expect(rows).toEqual([
      [
        "8 × 128",
        "onnxruntime-node, one batch",
        "1",
        ...["150 → 100", "1.50 (1.40–1.60)", "0.8, aim 1"],
        ...["150 → 100", "**0.50** (0.40–0.60)", "0.65, aim 0.9"],
      ],
    ]);
  });

  test("keeps threads apart, and the best arrangement in one row, whichever it is", () => {
    const [, ...rows] = rivalTable(
      [
        comparison({ work: "32 mixed", arrangement: "one by one" }),
        comparison({ work: "32 mixed", arrangement: "sorted, batches of 8", precision: "int8" }),
        comparison({ work: "32 mixed", arrangement: "one by one", threads: 2 }),
      ],
      "26.10.0",
    );
    expect(rows.map(([, against, threads]) => [against, threads])).toEqual([
      ["onnxruntime-node, one by one; onnxruntime-node, sorted, batches of 8", "1"],
      ["onnxruntime-node, one by one", "2"],
    ]);
    expect(rows[1]!.slice(6)).toEqual(["", "", ""]);
  });
});

test("ours against ours says which of ours", () => {
  const own = comparison({ rival: "bertkit", arrangement: "float32, 1 thread", threads: 2 });
  expect(ownTable([own], "26.10.0")[1]).toEqual([
    ...["8 × 128", "float32, 2 threads", "float32, 1 thread"],
    ...["150 → 100", "**1.50** (1.40–1.60)", "1.7"],
  ]);
});
