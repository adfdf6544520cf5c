import { residentMemory } from "../resident-memory.js";
import type { StartReport } from "./start-report.js";

/** Tells the parent process that the first vector is there, then what it took and which vector it is. */
export function reportFirstVector(vector: Iterable<number>, ids: Iterable<number>): void {
  process.send!("first vector");
  const report: StartReport = { ...residentMemory(), vector: [...vector], ids: [...ids] };
  process.send!(report);
}
