import { showMachine } from "../machine.js";
import type { Summary } from "../statistics.js";
import { showTable } from "../table.js";
import type { Comparison } from "./comparison.js";
import type { EncodeResult } from "./measure-encode.js";
import { targetOf } from "./targets.js";

const head = ["work", "against", "precision", "threads", "their ms", "our ms", "speed", "p10", "p90", "wanted"];
const agreementHead = ["their cosine", "our cosine", "difference"];

/** The result of `encode`, for people. */
export function showEncode({ machine, comparisons, absent }: EncodeResult): string {
  const rows = comparisons.map((comparison) => {
    const { model, work, precision, threads, rivalTime, ourTime, speed, agreement } = comparison;
    return [
      `${model} ${work}`,
      sideOf(comparison),
      precision,
      String(threads),
      ...[rivalTime, ourTime].map(({ median }) => median.toFixed(2)),
      ...ratios(speed),
      wanted(comparison, machine.versions.node),
      agreement.rival.cosine.toFixed(4),
      agreement.ours.cosine.toFixed(4),
      agreement.rival.difference.toExponential(1),
    ];
  });
  const backends = [...new Set(comparisons.map(({ backend }) => backend))];
  return `${showMachine(machine)}
bertkit   on ${backends.join("; ") || "nothing: there was no rival"}

${showTable([[...head, ...agreementHead], ...rows])}
${absent.map((what) => `\n${what}`).join("")}
Against onnxruntime-web ours is in 128 bits, else as wide as the engine can. Times are medians. Speed: their median time
over ours, above 1 we are faster; p10 and p90 of it by round. Wanted: what the project set itself, "aim" what it hopes
for. Cosines: the lowest of a text's vector to ours in float32; difference: the largest of one element of theirs to
that.`;
}

/** A rival and how it was given the texts. */
export const sideOf = ({ rival, arrangement }: Pick<Comparison, "rival" | "arrangement">): string =>
  `${rival}, ${arrangement}`;

const ratios = ({ median, p10, p90 }: Summary): string[] => [median, p10, p90].map((ratio) => ratio.toFixed(2));

/** What is wanted of it, and whether it is missed. */
export function wanted(comparison: Comparison, nodeVersion: string): string {
  const target = targetOf(comparison, nodeVersion);
  if (!target) return "";
  const { least, aim } = target;
  const missed = comparison.speed.median < least ? " MISSED" : "";
  return `≥ ${least}${aim === undefined ? "" : `, aim ${aim}`}${missed}`;
}
