import { type Command, InvalidArgumentError, Option } from "commander";
import { textFormats } from "../input/text-formats.js";

/** The devices that `--device` takes: those of the package bertkit, which help must not load. */
export const deviceNames = ["wasm", "reference"] as const;

/** The modes that `--pooling` takes, likewise. */
export const poolingNames = ["cls", "mean", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"] as const;

/** What `--precision` takes, likewise. */
export const precisionNames = ["float32", "int8"] as const;

/** How `--score` compares two vectors, likewise. */
export const scoreNames = ["cosine", "dot"] as const;

/** What every command understands. */
export function commonOptions(command: Command, json: string): Command {
  return command
    .optionsGroup("Messages:")
    .option("--json", json)
    .option("-q, --quiet", "nothing on standard error but errors")
    .option("-v, --verbose", "say what is used and why; with errors, where they come from")
    .option("--no-progress", "no progress bar")
    .option("--no-color", "no colours; NO_COLOR in the environment does the same");
}

/** A model by name, and whether it may be fetched. */
export function modelOptions(command: Command): Command {
  return command
    .optionsGroup("Model:")
    .option("-m, --model <name>", "a folder, an http(s) address, or a name on the hub: namespace/name[@revision]")
    .option("--offline", "use only what has been fetched before");
}

/** What `--max-length` does to a text that is longer. */
export type LongText = "is cut" | "is read in windows";

/** How a model computes. @param longText what happens to one that the model cannot read at once */
export function encoderOptions(command: Command, longText: LongText = "is cut"): Command {
  return command
    .option("--max-length <tokens>", `${lengthMeanings[longText]}, special tokens included`, positiveInteger)
    .addOption(new Option("--device <device>", "where to compute (default: the fastest)").choices(deviceNames))
    .addOption(
      new Option("--precision <type>", "of the weights; int8 is smaller and faster (default: as stored)").choices(
        precisionNames,
      ),
    )
    .option("--threads <count>", "threads to compute on (default: the physical cores)", positiveInteger)
    .option("--batch-tokens <tokens>", "tokens of a batch at most; changes speed, not vectors", positiveInteger);
}

const lengthMeanings: Readonly<Record<LongText, string>> = {
  "is cut": "cut texts to so many tokens",
  "is read in windows": "read longer texts in windows of so many tokens",
};

/** Where texts come from. */
export function inputOptions(command: Command): Command {
  const formats = "how the texts lie in it (default: by the extension, else lines)";
  return command
    .optionsGroup("Input:")
    .addOption(
      new Option(
        "-i, --input <file>",
        "read a file, or those of a 'pattern*'; repeatable; - is standard input",
      ).argParser(collect),
    )
    .addOption(new Option("--format <format>", formats).choices(textFormats))
    .option("--field <name>", "the column or field with the texts (default: text or sentence, or the only one)")
    .option("--no-quotes", "in csv and tsv, take quotes for parts of the texts");
}

/** Which columns go from the input to the output as they are. */
export function keepOptions(command: Command): Command {
  return command
    .option("--keep <names>", "write these columns too, separated by commas; '*' is all", names)
    .option("--id <name>", "write this column first, as id; '#' numbers the rows");
}

/**
 * What every command has that asks a model with a head: input, results, model.
 * @param inputs what it takes: with "pairs", two columns may make one
 * @param longText as of `encoderOptions`
 */
export function taskOptions(command: Command, inputs: "one text" | "pairs", longText: LongText = "is cut"): Command {
  keepOptions(inputOptions(command));
  if (inputs === "pairs") command.option("--fields <a,b>", "these two columns are a pair", names);
  command
    .optionsGroup("Results:")
    .option("-o, --output <file>", "write to .jsonl, .csv or .tsv, which appears when it is complete");
  return encoderOptions(modelOptions(command), longText);
}

/** For options that take a whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("Wanted a whole number above 0.");
}

/** For options that take a list: names separated by commas. */
export function names(text: string): string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.every((name) => name !== "")) return list;
  throw new InvalidArgumentError("Wanted names separated by commas.");
}

/** For options that may be given again: all their values. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
