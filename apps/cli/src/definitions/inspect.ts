import { Command } from "commander";
import type { InspectFlags } from "../inspect/inspection-form.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, encoderOptions, inputOptions, modelOptions, names } from "./options.js";
import { inputRules, pairRules } from "./sections.js";

/** `bertkit inspect`. */
export function inspectDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("inspect")
    .summary("attention and hidden states")
    .description("Write what goes on inside the model while it reads texts: a page of attention maps, or all numbers.")
    .argument("[texts...]", "texts or pairs; - reads them from standard input");
  inputOptions(command)
    .option("--fields <a,b>", "these two columns are a pair", names)
    .optionsGroup("Results:")
    .option("-o, --output <file>", "write to .html or .safetensors, which appears when it is complete")
    .option("--title <text>", "of a page (default: the model's name)")
    .option("--attention", "write attention to .safetensors (default: both)")
    .option("--hidden", "write hidden states to .safetensors (default: both)");
  encoderOptions(modelOptions(command));
  commonOptions(command, "say what was written as JSON");
  command.action(async (texts: string[], flags: InspectFlags) => {
    await (await import("../commands/inspect.js")).inspect(texts, flags, signal);
  });
  return define(command, {
    examples: [
      {
        line: 'bertkit inspect --model ./bert "The cat sleeps. ||| It is tired." --output maps.html',
        shows: "a page for a browser, which needs no network",
      },
      { line: "bertkit inspect --model ./bert --input texts.txt --output states.safetensors" },
      { line: 'bertkit inspect --model ./bert "A lovely library." --hidden --output hidden.safetensors --json' },
    ],
    sections: [
      {
        title: "Output",
        body: `html         attention maps of every layer and head, of up to 134 million probabilities: 3 texts of 512 tokens in
             BERT-base, thousands of single sentences
safetensors  float32 in arrays, of up to 2 GB. Of text i, counted from 0, layer l, counted from 0:
             text.i.attention.l   [heads, tokens, tokens], how much each token (a row) attends to each
             text.i.hidden.l      [tokens, width], hidden.0 what the embeddings give, then each layer
             text.i.ranges        [tokens, 2], start and end in the text, in UTF-16 units
             text.i.sequenceIds   [tokens], 0 or 1 for the text of a pair, -1 for special tokens
             The metadata's "texts" is a JSON array of each text, its pair and its tokens.`,
      },
      inputRules,
      pairRules,
    ],
  });
}
