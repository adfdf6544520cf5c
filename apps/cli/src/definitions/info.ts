import { Command } from "commander";
import type { InfoFlags } from "../commands/info.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, modelOptions } from "./options.js";

/** `bertkit info`. */
export function infoDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("info")
    .summary("what a model is")
    .description("Print what a model holds, what it was made for, and which device would run it and why.")
    .argument("[model]", "the model; without it --model");
  commonOptions(modelOptions(command), "print JSON");
  command.action(async (model: string | undefined, flags: InfoFlags) => {
    await (await import("../commands/info.js")).info(model, flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit info" },
      { line: "bertkit info sentence-transformers/all-MiniLM-L6-v2" },
      { line: "bertkit info --json models/all-MiniLM-L6-v2 | jq .parameters" },
    ],
  });
}
