import { describe, expect, test } from "@jest/globals";
import { comparison } from "../fixtures/results.js";
import { targetOf } from "./targets.js";

describe("what is wanted", () => {
  test("of mixed texts is more against one padded batch than against the best arrangement", () => {
    const mixed = (arrangement: string) => targetOf(comparison({ work: "32 mixed", arrangement }), "26.10.0");
    expect(mixed("one batch")).toEqual({ least: 2.2 });
    expect(mixed("one by one")).toEqual({ least: 0.85, aim: 1 });
    expect(mixed("sorted, batches of 8")).toEqual({ least: 0.85, aim: 1 });
  });

  test("of int8 is its own", () => {
    expect(targetOf(comparison({ precision: "int8" }), "26.10.0")).toEqual({ least: 0.65, aim: 0.9 });
  });

  test("of BERT-base is less than of MiniLM, and of another model nothing", () => {
    expect(targetOf(comparison({ model: "bert-base" }), "26.10.0")).toEqual({ least: 0.8 });
    expect(targetOf(comparison({ model: "another" }), "26.10.0")).toBeUndefined();
  });

  test("of a rival on an older Node is nothing", () => {
    expect(targetOf(comparison(), "24.21.0")).toBeUndefined();
  });

  test("of int8 against our own float32 is less where the compiler is older", () => {
    const own = comparison({ rival: "bertkit", precision: "int8", arrangement: "float32, 1 thread" });
    expect(targetOf(own, "20.20.2")).toEqual({ least: 1.3 });
    expect(targetOf(own, "24.21.0")).toEqual({ least: 1.6 });
  });

  test("of a second thread is 1.7 times one on long texts, and no loss on a short one", () => {
    const own = (work: string) =>
      targetOf(comparison({ rival: "bertkit", arrangement: "float32, 1 thread", threads: 2, work }), "26.10.0");
    expect(own("8 × 128")).toEqual({ least: 1.7 });
    expect(own("1 × 16")).toEqual({ least: 1 });
  });
});
