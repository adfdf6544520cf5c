import { Command } from "commander";
import type { FillFlags } from "../commands/fill.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, names, positiveInteger, taskOptions } from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit fill`. */
export function fillDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("fill")
    .summary("what may stand for [MASK]")
    .description("Write the likeliest words for each [MASK] of each text, with BERT's masked language head.")
    .argument("[texts...]", "texts with masks; - reads them from standard input");
  taskOptions(command, "one text")
    .optionsGroup("Results:")
    .option("--top <count>", "words a mask (default: 5)", positiveInteger)
    .option("--targets <words>", "guess only these words, separated by commas", names);
  commonOptions(command, "print JSON lines");
  command.action(async (texts: string[], flags: FillFlags) => {
    await (await import("../commands/fill.js")).fill(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit fill --model ./bert "The capital of France is [MASK]."' },
      { line: 'bertkit fill --model ./bert "He is a [MASK] [MASK]." --top 3', shows: "each as if the other stayed" },
      { line: 'bertkit fill --model ./bert "The [MASK] is good." --targets cat,dog --json' },
      { line: "bertkit fill --model ./bert --input cloze.csv --field text --keep id --output words.csv" },
    ],
    sections: [inputRules],
  });
}
