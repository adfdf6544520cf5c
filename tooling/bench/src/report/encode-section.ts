import type { Comparison } from "../encode/comparison.js";
import type { EncodeResult } from "../encode/measure-encode.js";
import { sideOf } from "../encode/show-encode.js";
import { targetOf } from "../encode/targets.js";
import { type Precision, precisions } from "../precision.js";
import { machineSentence, markdownTable } from "./markdown.js";

/** A table a result: rivals first, then ours against ours. */
export function encodeSection(results: readonly EncodeResult[]): string {
  return results
    .map((result) => {
      const { machine, model, comparisons } = result;
      const rivals = comparisons.filter(({ rival }) => rival !== "bertkit");
      const ourselves = comparisons.filter(({ rival }) => rival === "bertkit");
      const backends = [...new Set(comparisons.map(({ backend }) => backend))].join("; ");
      return [
        `### Node ${machine.versions.node}, ${model}`,
        `${machineSentence(machine)} bertkit on ${backends}.`,
        ...(rivals.length > 0 ? [markdownTable(rivalTable(rivals, machine.versions.node))] : []),
        ...(ourselves.length > 0 ? [markdownTable(ownTable(ourselves, machine.versions.node))] : []),
      ].join("\n\n");
    })
    .join("\n\n");
}

/** A row a kind of work, rival and number of threads; both precisions side by side. */
export function rivalTable(comparisons: readonly Comparison[], nodeVersion: string): string[][] {
  const rows = new Map<string, Partial<Record<Precision, Comparison>>>();
  for (const comparison of comparisons) {
    // Which of the better arrangements is the best may differ between the precisions: they share a row all the same.
    const arrangement = comparison.arrangement === "one batch" ? "one batch" : "best";
    const key = [comparison.work, comparison.rival, arrangement, comparison.threads].join();
    rows.set(key, { ...rows.get(key), [comparison.precision]: comparison });
  }
  const titles = precisions.flatMap((precision) => [`${precision}: theirs → ours, ms`, "speed", "wanted"]);
  return [
    ["work", "against", "threads", ...titles],
    ...Array.from(rows.values(), (row) => {
      const any = row.float32 ?? row.int8!;
      const sides = [...new Set(Object.values(row).map(sideOf))].join("; ");
      return [any.work, sides, String(any.threads), ...precisions.flatMap((name) => cells(row[name], nodeVersion))];
    }),
  ];
}

/** What a thread more and int8 bring. */
export function ownTable(comparisons: readonly Comparison[], nodeVersion: string): string[][] {
  const threads = (count: number): string => `${count} ${count === 1 ? "thread" : "threads"}`;
  return [
    ["work", "ours", "against ours in", "theirs → ours, ms", "speed", "wanted"],
    ...comparisons.map((comparison) => [
      comparison.work,
      `${comparison.precision}, ${threads(comparison.threads)}`,
      comparison.arrangement,
      ...cells(comparison, nodeVersion),
    ]),
  ];
}

/** Times, speed with its spread, and what is wanted of it; a speed that misses it is bold. */
function cells(comparison: Comparison | undefined, nodeVersion: string): string[] {
  if (!comparison) return ["", "", ""];
  const { rivalTime, ourTime, speed } = comparison;
  const target = targetOf(comparison, nodeVersion);
  const missed = target !== undefined && speed.median < target.least;
  const median = speed.median.toFixed(2);
  return [
    `${milliseconds(rivalTime.median)} → ${milliseconds(ourTime.median)}`,
    `${missed ? `**${median}**` : median} (${speed.p10.toFixed(2)}–${speed.p90.toFixed(2)})`,
    target ? `${target.least}${target.aim === undefined ? "" : `, aim ${target.aim}`}` : "",
  ];
}

const milliseconds = (time: number): string => time.toFixed(time < 100 ? 1 : 0);
