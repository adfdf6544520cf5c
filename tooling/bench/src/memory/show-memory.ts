import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import { flatness } from "./flatness.js";
import type { MemoryResult } from "./measure-memory.js";

/** Titles of `memoryRows`. */
export const memoryHead: readonly string[] = [
  "",
  "first vector, MB",
  "÷ weights",
  "last text, MB",
  "peak, MB",
  "growth, kB a 1000 texts",
  "idle, % of a core",
];

/** The result of `memory`, for people. */
export function showMemory(result: MemoryResult): string {
  const { machine, model, weightBytes, threads, texts, sides } = result;
  const backends = [...new Set(sides.filter(({ name }) => name === "bertkit").map(({ backend }) => backend))];
  const loop = `${texts.toLocaleString("en")} texts in batches of 32`;
  return `${showMachine(machine)}
model     ${model}, ${(weightBytes / 1e6).toFixed(0)} MB of float32 weights
threads   ${threads}; bertkit on ${backends.join("; ")}

${showTable([memoryHead, ...memoryRows(result)])}

Resident memory above that of an empty Node, after the first text and over ${loop}.
Growth: over the second half, the slope of the line nearest to the samples. Idle: processor time of the whole process
over a second without work.`;
}

/** A row a side, as the tables of the terminal and of docs/performance.md have it. */
export const memoryRows = ({ weightBytes, emptyBytes, sides }: MemoryResult): string[][] =>
  sides.map(({ name, precision, samples, idleShare }) => {
    const { growth, peak } = flatness(samples);
    const first = samples[0]!.resident - emptyBytes;
    return [
      `${name} ${precision}`,
      (first / 1e6).toFixed(0),
      (first / weightBytes).toFixed(2),
      ((samples.at(-1)!.resident - emptyBytes) / 1e6).toFixed(0),
      ((peak - emptyBytes) / 1e6).toFixed(0),
      (growth / 1e3).toFixed(1),
      (100 * idleShare).toFixed(1),
    ];
  });
