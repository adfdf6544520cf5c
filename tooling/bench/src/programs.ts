import { measureAnswer } from "./answer/measure-answer.js";
import { showAnswer } from "./answer/show-answer.js";
import { measureCommandLine, showCommandLine } from "./command-line.js";
import { measureEncode } from "./encode/measure-encode.js";
import { showEncode } from "./encode/show-encode.js";
import { measureKernels } from "./kernels/measure-kernels.js";
import { showKernels } from "./kernels/show-kernels.js";
import { measureLoad } from "./load/measure-load.js";
import { showLoad } from "./load/show-load.js";
import { measureMemory } from "./memory/measure-memory.js";
import { showMemory } from "./memory/show-memory.js";
import { measureOnnx } from "./onnx/measure-onnx.js";
import { showOnnx } from "./onnx/show-onnx.js";
import type { BenchOptions } from "./options.js";
import { measureStart } from "./start/measure-start.js";
import { showStart } from "./start/show-start.js";
import { measureTokenizer } from "./tokenizer/measure-tokenizer.js";
import { showTokenizer } from "./tokenizer/show-tokenizer.js";

/** Measures; the result is for files, the text for people. */
export type Program = (options: BenchOptions) => Promise<{ readonly result: unknown; readonly text: string }>;

const program =
  <Result>(measure: (options: BenchOptions) => Promise<Result>, show: (result: Result) => string): Program =>
  async (options) => {
    const result = await measure(options);
    return { result, text: show(result) };
  };

/** By name, as on the command line. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ["encode", program(measureEncode, showEncode)],
  ["kernels", program(measureKernels, showKernels)],
  ["start", program(measureStart, showStart)],
  ["memory", program(measureMemory, showMemory)],
  ["load", program(measureLoad, showLoad)],
  ["onnx", program(measureOnnx, showOnnx)],
  ["answer", program(measureAnswer, showAnswer)],
  ["tokenizer", program(measureTokenizer, showTokenizer)],
  ["command-line", program(measureCommandLine, showCommandLine)],
]);

/** Programs that measure no model. */
export const withoutModel: ReadonlySet<string> = new Set(["tokenizer", "load", "onnx"]);
