import { Command } from "commander";
import type { TaskFlags } from "../tasks/task-flags.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, taskOptions } from "./options.js";
import { inputRules, pairRules } from "./sections.js";

/** `bertkit next`. */
export function nextDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("next")
    .summary("whether one text follows another")
    .description("Write for each pair of texts whether the second follows the first, with BERT's next sentence head.")
    .argument("[pairs...]", 'pairs such as "one text ||| another"; - reads them from standard input');
  taskOptions(command, "pairs");
  commonOptions(command, "print JSON lines");
  command.action(async (pairs: string[], flags: TaskFlags) => {
    await (await import("../commands/next.js")).next(pairs, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit next --model ./bert "It rained all night. ||| The streets were wet."' },
      { line: "bertkit next --model ./bert --input pairs.csv --fields first,second --output next.csv" },
    ],
    sections: [inputRules, pairRules],
  });
}
