import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import type { ForwardTimes, KernelsOfThreads, KernelsResult } from "./kernels-result.js";
import { operationsOf, productShapes, showShape } from "./product-shapes.js";

/** The result of `kernels`, for people. */
export function showKernels({ machine, model, rounds, threads }: KernelsResult): string {
  const parts = threads.map(
    (ofThreads) => `${ofThreads.threads} ${ofThreads.threads === 1 ? "thread" : "threads"}

${showTable(productTable(ofThreads))}

${ofThreads.forward.map((times) => `${forwardTitle(model, times)}\n\n${showTable(forwardTable(times))}`).join("\n\n")}`,
  );
  return `${showMachine(machine)}
rounds    ${rounds}, interleaved

${parts.join("\n\n")}

Products are in GFLOP/s (in int8 GOP/s), medians; a multiplication and an addition are two operations. The forward pass
is over eight texts of 128 tokens; "rest" is what runs between kernels.`;
}

export const forwardTitle = (model: string, { backend, precision, total }: ForwardTimes): string =>
  `${model}, 8 × 128, ${precision}, ${total.toFixed(1)} ms on ${backend}`;

/** Sides as rows, shapes as columns; the first row has the titles. */
export function productTable({ products }: KernelsOfThreads): string[][] {
  const sides = [...new Set(products.map(({ side, precision }) => `${side} ${precision}`))];
  const rows = sides.map((name) => {
    const own = products.filter(({ side, precision }) => `${side} ${precision}` === name);
    const rates = productShapes.map((shape) => own.find((rate) => showShape(rate.shape) === showShape(shape)));
    return [name, ...rates.map((found) => found?.rate.median.toFixed(1) ?? "")];
  });
  return [["rows × inputs → outputs", ...productShapes.map(showShape)], ...rows];
}

/** Kernels as rows, the longest first, with how fast products are; the first row has the titles. */
export function forwardTable({ total, kernels }: ForwardTimes): string[][] {
  const share = (milliseconds: number): string => ((100 * milliseconds) / total).toFixed(1);
  const rows = kernels.map(({ kernel, calls, milliseconds }) => [
    kernel,
    String(calls),
    milliseconds.toFixed(2),
    share(milliseconds),
    rateOf(kernel, calls, milliseconds),
  ]);
  const rest = total - kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [["kernel", "calls", "ms", "%", "GFLOP/s"], ...rows, ["rest", "", rest.toFixed(2), share(rest), ""]];
}

function rateOf(kernel: string, calls: number, milliseconds: number): string {
  const [, inputs, outputs] = /inear (\d+) → (\d+)$/.exec(kernel) ?? [];
  if (inputs === undefined || outputs === undefined) return "";
  const operations = operationsOf({ rows: 8 * 128, inputs: Number(inputs), outputs: Number(outputs) });
  return ((calls * operations) / milliseconds / 1e6).toFixed(1);
}
