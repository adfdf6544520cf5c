import { Command, InvalidArgumentError } from "commander";
import type { ClassifyFlags } from "../commands/classify.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, positiveInteger, taskOptions } from "./options.js";
import { inputRules, pairRules } from "./sections.js";

/** `bertkit classify`. */
export function classifyDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("classify")
    .summary("what texts are")
    .description("Write the label of each text or pair of texts, with the head that the model was fine-tuned with.")
    .argument("[texts...]", "texts to classify; - reads them from standard input");
  taskOptions(command, "pairs")
    .optionsGroup("Results:")
    .option(
      "--top <count>",
      "so many labels of each text, the likeliest first (default: those it has)",
      positiveInteger,
    )
    .option("--threshold <score>", "of a multi-label model: from which score on a text has a label", probability);
  commonOptions(command, "print JSON lines");
  command.action(async (texts: string[], flags: ClassifyFlags) => {
    await (await import("../commands/classify.js")).classify(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit classify --model ./sentiment "A lovely library."', shows: "its label and score" },
      { line: 'bertkit classify --model ./entailment "It rains. ||| The street is wet."', shows: "a pair" },
      { line: "bertkit classify --model ./sentiment --input reviews.csv --field review --keep id --output labels.csv" },
      { line: "cat texts.txt | bertkit classify --model ./sentiment --top 3 --json" },
    ],
    sections: [inputRules, pairRules],
  });
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Wanted a number from 0 to 1.");
}
