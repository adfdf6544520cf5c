import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EncodeResult } from "../encode/measure-encode.js";
import type { KernelsResult } from "../kernels/kernels-result.js";
import type { MemoryResult } from "../memory/measure-memory.js";
import type { StartResult } from "../start/measure-start.js";

/** What the programs write that docs/performance.md shows. */
export type BenchResult = EncodeResult | KernelsResult | StartResult | MemoryResult;

const programs: readonly string[] = ["encode", "kernels", "start", "memory"] satisfies BenchResult["program"][];

/**
 * The results in these files, the newest Node first; other programs' are left out. What `encode` measured of a model in
 * several runs is one result. Throws `Error` for a file that is none.
 */
export function readResults(paths: readonly string[]): BenchResult[] {
  return together(paths.map(readResult).filter((result) => result !== undefined)).sort(
    (a, b) => majorOf(b) - majorOf(a),
  );
}

/** One result of `encode` a model and version of Node. */
export function together(results: readonly BenchResult[]): BenchResult[] {
  const byKey = new Map<string, BenchResult>();
  for (const [i, result] of results.entries()) {
    const { program, model, machine } = result;
    const key = program === "encode" ? `${model} ${machine.versions.node}` : `${program} ${i}`;
    const before = byKey.get(key);
    byKey.set(key, program === "encode" && before?.program === "encode" ? joined(before, result) : result);
  }
  return [...byKey.values()];
}

const joined = (a: EncodeResult, b: EncodeResult): EncodeResult => ({
  ...b,
  comparisons: [...a.comparisons, ...b.comparisons],
  absent: [...a.absent, ...b.absent],
});

/** Every JSON file of a folder, in the order of their names; none where there is no folder. */
export function jsonFilesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readResult(path: string): BenchResult | undefined {
  const result: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof result !== "object" || result === null || !("program" in result)) {
    throw new Error(`${path} is no result of bench: it names no program`);
  }
  return programs.includes(String(result.program)) ? (result as BenchResult) : undefined;
}

const majorOf = ({ machine }: BenchResult): number => Number.parseInt(machine.versions.node, 10);
