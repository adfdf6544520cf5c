import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import type { LoadBenchResult } from "./measure-load.js";

const head = ["container", "from", "open, ms", "first tensor, ms", "encoder, ms", "peak, MB", "÷ weights"];

/** The result of `load`, for people. */
export function showLoad({ machine, rounds, weightBytes, emptyBytes, rows }: LoadBenchResult): string {
  const cells = rows.map(({ container, from, opened, firstTensor, loaded, residentPeak }) => [
    container,
    from,
    opened.toFixed(1),
    firstTensor.toFixed(1),
    loaded.toFixed(0),
    ((residentPeak - emptyBytes) / 1e6).toFixed(0),
    ((residentPeak - emptyBytes) / weightBytes).toFixed(2),
  ]);
  return `${showMachine(machine)}
model     random weights of BERT-base, ${(weightBytes / 1e6).toFixed(0)} MB in float32

${showTable([head, ...cells])}

Medians of ${rounds} processes each, from the call on; on the web one request came before. First tensor: one of 2.4 MB in
the middle, opening included. Peak: the most resident memory while the encoder loads, above that of an empty Node.`;
}
