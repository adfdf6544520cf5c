import { readFileSync } from "node:fs";

export interface ResidentMemory {
  /** Of this process now, in bytes. */
  readonly resident: number;
  /** The most it was so far. */
  readonly residentPeak: number;
}

export function residentMemory(): ResidentMemory {
  if (process.platform !== "linux") {
    return { resident: process.memoryUsage.rss(), residentPeak: 1024 * process.resourceUsage().maxRSS };
  }
  // On Linux maxRSS counts what the parent held when it forked; the status file begins with the program.
  const status = readFileSync("/proc/self/status", "utf8");
  const field = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)![1]);
  return { resident: field("VmRSS"), residentPeak: field("VmHWM") };
}
