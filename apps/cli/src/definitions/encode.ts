import { Command, Option } from "commander";
import type { EncodeFlags } from "../commands/encode.js";
import { elementTypes, vectorFormNames } from "../output/output-form.js";
import { type CommandDefinition, define } from "./command-definition.js";
import {
  commonOptions,
  encoderOptions,
  inputOptions,
  keepOptions,
  modelOptions,
  poolingNames,
  positiveInteger,
} from "./options.js";
import { inputRules, outputRules, speedRules } from "./sections.js";

/** `bertkit encode`. */
export function encodeDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("encode")
    .summary("texts to vectors")
    .description("Write the vector of each text, in their order.")
    .argument("[texts...]", "texts to encode; - reads them from standard input");
  keepOptions(inputOptions(command));
  outputOptions(command);
  encoderOptions(modelOptions(command))
    .optionsGroup("Vectors:")
    .addOption(new Option("--pooling <mode>", "instead of the pooling that the model states").choices(poolingNames))
    .option("--normalize", "vectors of length 1 (default: as the model states)")
    .option("--no-normalize", "vectors as they are before a last normalising")
    .option("--dimensions <count>", "keep the first numbers of each vector (Matryoshka models)", positiveInteger)
    .addOption(new Option("--prompt <text>", "put this before each text").conflicts("promptName"))
    .option("--prompt-name <name>", "put the model's prompt of that name before each text");
  commonOptions(command, "write JSON lines, and --stats as JSON").option("--stats", "at the end: texts, rate, memory");
  command.action(async (texts: string[], flags: EncodeFlags) => {
    await (await import("../commands/encode.js")).encode(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit encode "A lovely library."', shows: "one JSON object: text and vector" },
      { line: "bertkit encode --input texts.txt --output vectors.npy", shows: "for numpy.load" },
      {
        line: "bertkit encode --input 'reviews-*.csv.gz' --field review --keep '*' --output reviews.parquet",
        shows: "every column and the vector, of several files",
      },
      {
        line: "bertkit encode --input reviews.csv --field review --output reviews.f32 --resume",
        shows: "goes on after an interruption, or starts",
      },
      {
        line: "bertkit encode --input sts.tsv --field sentence1 --no-quotes --output-type int8 --output sts.npy",
        shows: "a quarter of the size",
      },
      { line: "zcat reviews.jsonl.gz | bertkit encode - --format jsonl --field body --stats > vectors.jsonl" },
      { line: 'bertkit encode --prompt "query: " -- "-273.15 °C"', shows: "a text that begins with -" },
    ],
    sections: [inputRules, outputRules, speedRules],
  });
}

function outputOptions(command: Command): Command {
  const form = "form of the output, where the extension doesn't say it (default: jsonl)";
  return command
    .optionsGroup("Output:")
    .option("-o, --output <file>", "write to a file, which appears when it is complete")
    .addOption(new Option("--output-format <form>", form).choices(vectorFormNames))
    .addOption(new Option("--output-type <type>", "of a vector's numbers (default: float32)").choices(elementTypes))
    .addOption(new Option("--resume", "go on where an interrupted run stopped").conflicts("restart"))
    .option("--restart", "start over, and forget an interrupted run");
}
