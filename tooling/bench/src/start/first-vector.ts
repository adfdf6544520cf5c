import { readFileSync } from "node:fs";
import type { StartReport } from "./start-report.js";

/** Tells the parent process that the first vector is there, then what it took and which vector it is. */
export function reportFirstVector(vector: Iterable<number>, ids: Iterable<number>): void {
  process.send!("first vector");
  const report: StartReport = { ...residentBytes(), vector: [...vector], ids: [...ids] };
  process.send!(report);
}

/** Now and at most so far. */
function residentBytes(): Pick<StartReport, "resident" | "residentPeak"> {
  if (process.platform !== "linux") {
    return { resident: process.memoryUsage.rss(), residentPeak: 1024 * process.resourceUsage().maxRSS };
  }
  // On Linux maxRSS counts what the parent held when it forked; the status file begins with the program.
  const status = readFileSync("/proc/self/status", "utf8");
  const field = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)![1]);
  return { resident: field("VmRSS"), residentPeak: field("VmHWM") };
}
