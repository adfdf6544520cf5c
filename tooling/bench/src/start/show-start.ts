import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import type { StartResult } from "./measure-start.js";

const head = ["first vector", "median ms", "p10", "p90", "MB then", "MB peak", "÷ weights", "cosine"];

/** The result of `start`, for people. */
export function showStart(result: StartResult): string {
  const { machine, model, rounds, weightBytes } = result;
  return `${showMachine(machine)}
model     ${model}, ${megabytes(weightBytes)} MB of float32 weights
rounds    ${rounds}, interleaved

${showTable(startTable(result))}

Times from starting a process to its first vector, files in the system's cache. Memory is resident memory above that of
an empty Node; "÷ weights" in sizes of the float32 weights. Cosine: of the vector to ours in float32.`;
}

/** A row a side; the first row has the titles. */
export const startTable = ({ weightBytes, sides }: StartResult): string[][] => [
  head,
  ...sides.map(({ name, time, resident, residentPeak, agreement }) => [
    name,
    ...[time.median, time.p10, time.p90].map((milliseconds) => milliseconds.toFixed(0)),
    megabytes(resident),
    megabytes(residentPeak),
    (resident / weightBytes).toFixed(2),
    agreement.cosine.toFixed(4),
  ]),
];

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
