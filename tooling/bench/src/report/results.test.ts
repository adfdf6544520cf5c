import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { comparison, encodeResult, machine, startResult } from "../fixtures/results.js";
import { jsonFilesIn, readResults } from "./results.js";

describe("results", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bertkit-bench-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, result: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(result));
    return path;
  };

  test("come with the newest Node first", () => {
    const older = { ...machine, versions: { ...machine.versions, node: "20.20.2" } };
    const paths = [write("a.json", { ...startResult, machine: older }), write("b.json", startResult)];
    expect(readResults(paths).map((result) => result.machine.versions.node)).toEqual(["26.10.0", "20.20.2"]);
  });

  test("of encode in several runs are one, a model and Node", () => {
    const more = { ...encodeResult, comparisons: [comparison({ rival: "onnxruntime-web" })], absent: ["one"] };
    const other = { ...encodeResult, model: "bert-base" };
    const paths = [write("a.json", encodeResult), write("b.json", more), write("c.json", other)];
    expect(readResults(paths)).toEqual([
      { ...more, comparisons: [...encodeResult.comparisons, ...more.comparisons] },
      other,
    ]);
  });

  test("of programs that have no part in the document are left out, and another file is an error", () => {
    expect(readResults([write("a.json", { program: "command-line" })])).toEqual([]);
    expect(() => readResults([write("b.json", [1])])).toThrow("b.json is no result of bench");
  });

  test("are looked for by name, and a folder that is not there has none", () => {
    write("b.json", {});
    write("a.json", {});
    write("notes.txt", {});
    expect(jsonFilesIn(folder)).toEqual([join(folder, "a.json"), join(folder, "b.json")]);
    expect(jsonFilesIn(join(folder, "absent"))).toEqual([]);
  });
});
