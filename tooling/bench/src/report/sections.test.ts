import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { encodeResult, kernelsResult, memoryResult, startResult } from "../fixtures/results.js";
import { withSections } from "./markdown.js";
import { sectionsOf } from "./sections.js";

const results = [encodeResult, kernelsResult, startResult, memoryResult];

describe("the sections of docs/performance.md", () => {
  test("exist for what was measured", () => {
    expect([...sectionsOf([startResult]).keys()]).toEqual(["start"]);
    expect([...sectionsOf(results).keys()]).toEqual(["encode", "kernels", "start", "memory"]);
  });

  test("each show their plot, Node, model, machine and numbers", () => {
    expect(sectionsOf(results).get("start")).toBe(
      `![process start to first vector: all-MiniLM-L6-v2, Node 26.10.0](performance/start-all-MiniLM-L6-v2-node-26.10.0.svg)

### Node 26.10.0, all-MiniLM-L6-v2

A processor (avx2, fma), 2 cores, linux x64, load 0.25; node 26.10.0, bertkit 1.0.0 (abc).

| first vector | median ms | p10 | p90 | MB then | MB peak | ÷ weights | cosine |
|---|---|---|---|---|---|---|---|
| bertkit float32 | 400 | 390 | 420 | 135 | 140 | 1.50 | 1.0000 |`,
    );
  });

  test("say where the time of a forward pass goes, and what is no kernel's", () => {
    const section = sectionsOf(results).get("kernels");
    // 6 products of 1024 × 384 → 1536, two operations each element, in 80 ms.
    expect(section).toContain("| linear 384 → 1536 | 6 | 80.00 | 80.0 | 90.6 |");
    expect(section).toContain("| rest |  | 5.00 | 5.0 |  |");
  });

  test("say how memory grows", () => {
    expect(sectionsOf(results).get("memory")).toContain("| bertkit int8 | 45 | 0.50 | 45 | 45 | 2.0 | 0.1 |");
  });

  test("have their places in the document", () => {
    const document = readFileSync(new URL("../../../../docs/performance.md", import.meta.url), "utf8");
    expect(withSections(document, sectionsOf(results))).toContain("bertkit float32 | 400 |");
  });
});
