import { describe, expect, test } from "@jest/globals";
import { readCommandLine } from "./options.js";

describe("the command line", () => {
  test("without options means everything, on one and two threads", () => {
    const { program, options, node } = readCommandLine(["encode", "--model", "minilm"]);
    expect(program).toBe("encode");
    expect(node).toMatch(/^\d+\.\d+\.\d+$/);
    expect(options).toMatchObject({
      model: "minilm",
      threads: [1, 2],
      precisions: ["float32", "int8"],
      cases: ["1x128", "8x128", "mixed"],
      rounds: undefined,
    });
    expect(options.rivals).toContain("onnxruntime-web");
  });

  test("takes lists apart at commas, and files after the program", () => {
    const { options, files } = readCommandLine([
      "report",
      "a.json",
      "b.json",
      "--threads",
      "4",
      "--against",
      "bertkit",
    ]);
    expect(options).toMatchObject({ threads: [4], rivals: ["bertkit"] });
    expect(files).toEqual(["a.json", "b.json"]);
  });

  test("names what it knows where it is given something else", () => {
    expect(() => readCommandLine(["encode", "--precision", "int4"])).toThrow("some of float32,int8");
    expect(() => readCommandLine(["encode", "--threads", "0"])).toThrow("--threads must be a whole number above 0");
    expect(() => readCommandLine(["encode", "--thread", "1"])).toThrow("--thread");
  });
});
