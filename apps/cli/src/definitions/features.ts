import { Command, InvalidArgumentError } from "commander";
import type { FeaturesFlags } from "../commands/features.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, encoderOptions, inputOptions, modelOptions, names } from "./options.js";
import { inputRules, pairRules } from "./sections.js";

/** `bertkit features`. */
export function featuresDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("features")
    .summary("texts to hidden states")
    .description("Write the hidden states of each text's tokens, as Google's extract_features.py does.")
    .argument("[texts...]", "texts or pairs; - reads them from standard input");
  inputOptions(command)
    .option("--fields <a,b>", "these two columns are a pair", names)
    .optionsGroup("Results:")
    .option("-o, --output <file>", "write to .jsonl, .jsonl.gz or .jsonl.zst, which appears when it is complete")
    .option(
      "--layers <indices>",
      "blocks, separated by commas: -1 is the last, 0 the first (default: -1,-2,-3,-4)",
      blockIndices,
    );
  encoderOptions(modelOptions(command));
  commonOptions(command, "print JSON lines");
  command.action(async (texts: string[], flags: FeaturesFlags) => {
    await (await import("../commands/features.js")).features(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit features --model ./bert "A lovely library."', shows: "a table, on a terminal" },
      {
        line: 'bertkit features --model ./bert "It rains. ||| The street is wet." --layers -1 --json',
        shows: "a pair",
      },
      { line: "bertkit features --model ./bert --input texts.txt --layers -1,-2 --output features.jsonl.gz" },
    ],
    sections: [
      {
        title: "Output",
        body: `Lines as extract_features.py writes them, linex_index counts the texts from 0:
{"linex_index": 0, "features": [{"token": "[CLS]", "layers": [{"index": -1, "values": [0.123456, …]}, …]}, …]}
Numbers have six decimals; "bertkit inspect" writes all of float32. The default is the last four blocks, or as many as
there are. Google cuts texts to 128 tokens: so does --max-length 128.`,
      },
      inputRules,
      pairRules,
    ],
  });
}

function blockIndices(text: string): number[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.every((part) => /^[-+]?\d{1,9}$/.test(part))) return parts.map(Number);
  throw new InvalidArgumentError("Wanted whole numbers separated by commas, such as -1,-2.");
}
