import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspectModel } from "bertkit";
import { type Agreement, agreement } from "../agreement.js";
import { interleave } from "../interleave.js";
import { describeMachine, type Machine } from "../machine.js";
import { modelName } from "../model-files.js";
import type { BenchOptions } from "../options.js";
import type { Precision } from "../precision.js";
import { median, type Summary, summarize } from "../statistics.js";
import type { StartInput, StartReport } from "./start-report.js";

export interface StartResult {
  readonly program: "start";
  readonly machine: Machine;
  readonly model: string;
  readonly rounds: number;
  /** Of the model's weights in float32, as stored. */
  readonly weightBytes: number;
  readonly sides: readonly StartSide[];
}

export interface StartSide {
  readonly name: string;
  readonly precision: Precision;
  /** From starting the process to its first vector, in milliseconds. */
  readonly time: Summary;
  /** Medians above an empty process, in bytes. */
  readonly resident: number;
  readonly residentPeak: number;
  /** Of its vector with ours in float32. */
  readonly agreement: Agreement;
}

interface Start extends StartReport {
  readonly time: number;
}

interface Side {
  readonly name: string;
  readonly precision: Precision;
  readonly program: "bertkit" | "onnxruntime" | "transformers-js";
  readonly model: string;
}

const text = "Where was the first railway bridge across the river built?";

/** Fresh processes, one after the other: an empty Node, ours and the rivals, each with one text. */
export async function measureStart(options: BenchOptions): Promise<StartResult> {
  const machine = describeMachine();
  const { bytes: weightBytes } = await inspectModel(options.model);
  const input = { text, threads: Math.max(...options.threads) };
  const first = await start("bertkit", { ...input, model: options.model, precision: "float32", ids: [] });
  const sides = sidesOf(options);
  const rounds = options.rounds ?? 10;
  const samples = await interleave(
    [
      { name: "empty", measure: () => start("empty", {}) },
      ...sides.map(({ name, program, model, precision }) => ({
        name,
        measure: () => start(program, { ...input, model, precision, ids: first.ids }),
      })),
    ],
    { warmUp: options.warmUp ?? 1, rounds },
  );
  const medianOf = (name: string, field: "resident" | "residentPeak") =>
    median(samples.get(name)!.map((sample) => sample[field]));
  return {
    program: "start",
    machine,
    model: modelName(options.model),
    rounds,
    weightBytes,
    sides: sides.map(({ name, precision }) => ({
      name,
      precision,
      time: summarize(samples.get(name)!.map(({ time }) => time)),
      resident: medianOf(name, "resident") - medianOf("empty", "resident"),
      residentPeak: medianOf(name, "residentPeak") - medianOf("empty", "residentPeak"),
      agreement: agreement([samples.get(name)![0]!.vector], [first.vector]),
    })),
  };
}

function sidesOf({ model, int8Model, precisions }: BenchOptions): Side[] {
  return precisions.flatMap((precision): Side[] => {
    const ours = precision === "int8" && int8Model !== undefined ? int8Model : model;
    const how = precision === "float32" ? "" : int8Model === undefined ? ", quantised as it loads" : ", its own folder";
    return [
      { name: `bertkit ${precision}${how}`, program: "bertkit", model: ours, precision },
      { name: `onnxruntime-node ${precision}`, program: "onnxruntime", model, precision },
      { name: `transformers.js ${precision}`, program: "transformers-js", model, precision },
    ];
  });
}

/** Runs one of the programs beside this one to its report. */
function start(program: Side["program"] | "empty", input: StartInput | Record<string, never>): Promise<Start> {
  const path = fileURLToPath(new URL(`${program}.js`, import.meta.url));
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    let time = Number.NaN;
    let report: StartReport | undefined;
    const child = fork(path, [JSON.stringify(input)], { execArgv: [] });
    child.on("message", (message) => {
      // The first message is empty-handed, so that its arrival is not a vector's size late.
      if (message === "first vector") time = performance.now() - begin;
      else report = message as StartReport;
      if (report) child.kill();
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (report) resolve({ ...report, time });
      else reject(new Error(`${program} ended without a vector (${signal ?? `exit code ${code}`})`));
    });
  });
}
