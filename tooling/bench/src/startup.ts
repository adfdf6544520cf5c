import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspectModel } from "bertkit";
import { interleave, type Rounds } from "./interleave.js";
import { largestDifference } from "./largest-difference.js";
import { describeMachine, type Machine, showMachine } from "./machine.js";
import type { StartReport } from "./start/start-report.js";
import { median, type Summary, summarize } from "./statistics.js";
import { showTable } from "./table.js";

export interface StartupOptions extends Rounds {
  /** A model folder. */
  readonly model: string;
  /** The same model as ONNX. */
  readonly onnx: string;
}

export interface StartupResult {
  readonly machine: Machine;
  readonly options: StartupOptions;
  /** Of the model's weights, as stored. */
  readonly weightBytes: number;
  readonly sides: readonly SideResult[];
  /** Between the two sides' vectors, the largest of one element. */
  readonly difference: number;
}

interface SideResult {
  readonly name: string;
  /** From starting the process to its first vector, in milliseconds. */
  readonly time: Summary;
  /** Medians, in bytes. */
  readonly resident: number;
  readonly residentPeak: number;
  /** The median above an empty process, in sizes of the weights. */
  readonly residentInWeights: number;
  readonly peakInWeights: number;
}

interface Start extends StartReport {
  readonly time: number;
}

const text = "Where was the first railway bridge across the river built?";

/** Fresh processes, one after the other: an empty Node, onnxruntime-node with a text's ids, bertkit with the text. */
export async function measureStartup(options: StartupOptions): Promise<StartupResult> {
  const machine = describeMachine();
  const { bytes: weightBytes } = await inspectModel(options.model);
  const { ids } = await start("bertkit", [options.model, text]);
  const samples = await interleave(
    [
      { name: "empty", measure: () => start("empty", []) },
      { name: "onnxruntime-node", measure: () => start("onnxruntime", [options.onnx, ids.join()]) },
      { name: "bertkit", measure: () => start("bertkit", [options.model, text]) },
    ],
    options,
  );
  const medianOf = (name: string, field: "resident" | "residentPeak") =>
    median(samples.get(name)!.map((sample) => sample[field]));
  const sides = Array.from(samples, ([name, starts]): SideResult => {
    const [resident, residentPeak] = [medianOf(name, "resident"), medianOf(name, "residentPeak")];
    return {
      name,
      time: summarize(starts.map(({ time }) => time)),
      resident,
      residentPeak,
      residentInWeights: (resident - medianOf("empty", "resident")) / weightBytes,
      peakInWeights: (residentPeak - medianOf("empty", "residentPeak")) / weightBytes,
    };
  });
  const vectorOf = (name: string) => samples.get(name)![0]!.vector;
  const difference = largestDifference(vectorOf("onnxruntime-node"), vectorOf("bertkit"));
  return { machine, options, weightBytes, sides, difference };
}

export function showStartup({ machine, options, weightBytes, sides, difference }: StartupResult): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const rows = sides.map(({ name, time, resident, residentPeak, residentInWeights, peakInWeights }) => [
    "first vector",
    name === "empty" ? "node alone" : name,
    ...[time.median, time.p10, time.p90].map((milliseconds) => milliseconds.toFixed(0)),
    megabytes(resident),
    residentInWeights.toFixed(2),
    megabytes(residentPeak),
    peakInWeights.toFixed(2),
  ]);
  const head = ["", "", "median ms", "p10", "p90", "MB then", "÷ weights", "MB peak", "÷ weights"];
  return `${showMachine(machine)}
rounds    ${options.rounds}, interleaved, after ${options.warmUp} to warm up
weights   ${megabytes(weightBytes)} MB

${showTable([head, ...rows])}

Times from starting a process to its first vector, files in the system's cache. Memory is resident memory; "÷ weights":
what is above node alone, in sizes of the weights. The two sides' vectors differ by ${difference.toExponential(1)} at most.`;
}

/** Runs one of the programs in start/ to its report. */
function start(program: string, parts: readonly string[]): Promise<Start> {
  const path = fileURLToPath(new URL(`start/${program}.js`, import.meta.url));
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    let time = Number.NaN;
    let report: StartReport | undefined;
    const child = fork(path, parts, { execArgv: [] });
    child.on("message", (message) => {
      // The first message is empty-handed, so that its arrival is not a vector's size late.
      if (message === "first vector") time = performance.now() - begin;
      else report = message as StartReport;
      if (report) child.disconnect();
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (report) resolve({ ...report, time });
      else reject(new Error(`${program} ended without a vector (${signal ?? `exit code ${code}`})`));
    });
  });
}
