import { Command } from "commander";
import type { QuantizeFlags } from "../commands/quantize.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, modelOptions } from "./options.js";

/** `bertkit quantize`. */
export function quantizeDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("quantize")
    .summary("a model in int8")
    .description("Write a model with int8 weights: a folder a quarter as large, which every --model takes.")
    .argument("[model]", "the model; without it --model")
    .optionsGroup("Output:")
    .requiredOption("-o, --output <folder>", "the folder to write, which appears when it is complete")
    .option("--overwrite", "replace a folder that holds nothing but an older model");
  commonOptions(modelOptions(command), "print JSON");
  command.action(async (model: string | undefined, flags: QuantizeFlags) => {
    await (await import("../commands/quantize.js")).quantize(model, flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit quantize --output minilm-int8" },
      { line: "bertkit quantize sentence-transformers/all-MiniLM-L6-v2 --output minilm-int8" },
      {
        line: 'bertkit quantize --output minilm-int8 && bertkit encode --model minilm-int8 "A lovely library."',
        shows: "the vectors of --precision int8, to the bit",
      },
    ],
    sections: [
      {
        title: "int8",
        body: `Linear maps and embeddings become int8 with a scale for each row; LayerNorm, biases, Dense layers and heads stay as
they are. Vectors differ a little from the float32 model's: of all-MiniLM-L6-v2 their cosine is 0.996 in the median.
docs/int8.md has the arithmetic and the names in the file.`,
      },
    ],
  });
}
