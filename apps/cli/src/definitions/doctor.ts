import { Command } from "commander";
import type { DoctorFlags } from "../commands/doctor.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, modelOptions } from "./options.js";

/** `bertkit doctor`. */
export function doctorDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("doctor")
    .summary("what there is, what would be used, and why")
    .description("Print versions, devices, caches and settings, what would be used and why, to paste into a report.");
  commonOptions(modelOptions(command), "print JSON");
  command.action(async (flags: DoctorFlags) => {
    await (await import("../commands/doctor.js")).doctor(flags, signal);
  });
  return define(command, { examples: [{ line: "bertkit doctor" }, { line: "bertkit doctor --json > report.json" }] });
}
