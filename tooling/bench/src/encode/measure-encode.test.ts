import { expect, test } from "@jest/globals";
import { readCommandLine } from "../options.js";
import { configurationsOf } from "./measure-encode.js";

const configurations = (...args: string[]) =>
  configurationsOf(readCommandLine(["encode", "--model", "m", "--rounds", "2", ...args]).options).map(
    ({ rival, precision, threads }) => `${rival} ${precision} ${threads}`,
  );

test("a rival is met in every precision on every number of threads", () => {
  expect(configurations("--against", "onnxruntime-node")).toEqual([
    "onnxruntime-node float32 1",
    "onnxruntime-node int8 1",
    "onnxruntime-node float32 2",
    "onnxruntime-node int8 2",
  ]);
});

test("PyTorch is met in float32 alone, and ours in one process for all", () => {
  expect(configurations("--against", "sentence-transformers,bertkit")).toEqual([
    "sentence-transformers float32 1",
    "sentence-transformers float32 2",
    "bertkit float32 2",
  ]);
});
