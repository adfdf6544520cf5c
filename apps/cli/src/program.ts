import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { EncodeFlags } from "./commands/encode.js";
import type { InfoFlags } from "./commands/info.js";
import type { TokenizeFlags } from "./commands/tokenize.js";
import { exitCodes } from "./failure.js";
import { textFormats } from "./input/text-formats.js";
import { vectorFormNames } from "./output/vector-forms.js";

/** The devices that `--device` takes: those of the package bertkit, which help must not load. */
export const deviceNames = ["wasm", "reference"] as const;

/** The modes that `--pooling` takes, likewise. */
export const poolingNames = ["cls", "mean", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"] as const;

/** The commands, their flags and their help. What a command needs is loaded when it runs. */
export function program(signal: AbortSignal): Command {
  const root = new Command("bertkit")
    .description("BERT on the command line: texts to vectors and tokens, without Python.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", `${examples.root}\n${endings}`)
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(withHint(message)) });
  addEncode(root, signal);
  addTokenize(root, signal);
  addInfo(root, signal);
  return root;
}

function addEncode(root: Command, signal: AbortSignal): void {
  const command = root
    .command("encode")
    .summary("texts to vectors")
    .description("Write the vector of each text, in their order.")
    .argument("[texts...]", "texts to encode; - reads them from standard input");
  modelOption(command);
  inputOptions(command)
    .option("-o, --output <file>", "write to .jsonl, .npy or .f32; the file appears when it is complete")
    .addOption(
      new Option(
        "--output-format <form>",
        "form of the output, if the extension doesn't say it (default: jsonl)",
      ).choices(vectorFormNames),
    )
    .addOption(
      new Option("--pooling <mode>", "instead of the pooling that the model's files state").choices(poolingNames),
    )
    .option("--max-length <tokens>", "cut texts to so many tokens, special tokens included", positiveInteger)
    .option("--batch-tokens <tokens>", "tokens of a batch at most; changes speed, not vectors", positiveInteger)
    .addOption(new Option("--prompt <text>", "put this before each text").conflicts("promptName"))
    .option("--prompt-name <name>", "put the model's prompt of that name before each text")
    .addOption(new Option("--device <device>", "where to compute (default: the fastest there is)").choices(deviceNames))
    .option("-q, --quiet", "no progress bar and no warnings")
    .addHelpText("after", `${examples.encode}\n${inputRules}\n${outputRules}\n${speedRules}\n${endings}`)
    .action(async (texts: string[], flags: EncodeFlags) => {
      await (await import("./commands/encode.js")).encode(texts, flags, signal);
    });
}

function addTokenize(root: Command, signal: AbortSignal): void {
  const command = root
    .command("tokenize")
    .summary("texts to tokens")
    .description("Write the tokens of each text: their ids, and their ranges in the text in UTF-16 units.")
    .argument("[texts...]", "texts to tokenize; - reads them from standard input");
  modelOption(command);
  inputOptions(command)
    .option("-o, --output <file>", "write to a .jsonl file, which appears when it is complete")
    .addOption(
      new Option("--output-format <form>", "default: table on a terminal, else jsonl").choices(["jsonl", "table"]),
    )
    .option("--max-length <tokens>", "cut texts to so many tokens (default: no limit)", positiveInteger)
    .option("-q, --quiet", "no warnings")
    .addHelpText("after", `${examples.tokenize}\n${inputRules}\n${endings}`)
    .action(async (texts: string[], flags: TokenizeFlags) => {
      await (await import("./commands/tokenize.js")).tokenize(texts, flags, signal);
    });
}

function addInfo(root: Command, signal: AbortSignal): void {
  const command = root
    .command("info")
    .summary("what a model is")
    .description("Print what a model's folder holds, what it was made for, and which device would run it and why.")
    .argument("[model]", "folder or address of the model; without it --model or BERTKIT_MODEL");
  modelOption(command)
    .option("--json", "print JSON")
    .addHelpText("after", `${examples.info}\n${endings}`)
    .action(async (model: string | undefined, flags: InfoFlags) => {
      await (await import("./commands/info.js")).info(model, flags, signal);
    });
}

function modelOption(command: Command): Command {
  return command.addOption(new Option("-m, --model <path>", "folder or address of the model").env("BERTKIT_MODEL"));
}

function inputOptions(command: Command): Command {
  const formats = "how the texts lie in the input (default: by the extension, else lines)";
  return command
    .option("-i, --input <file>", "read texts from a file; - is standard input")
    .addOption(new Option("--format <format>", formats).choices(textFormats))
    .option("--field <name>", "the column (csv, tsv) or field (jsonl) with the texts")
    .option("--no-quotes", "in csv and tsv, take quotes for parts of the texts");
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("Wanted a whole number above 0.");
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return manifest.version;
}

function withHint(message: string): string {
  if (!message.includes("unknown option")) return message;
  return `${message.trimEnd()}\n(texts that begin with - go last, after --)\n`;
}

const examples = {
  root: `
Examples:
  $ export BERTKIT_MODEL=models/all-MiniLM-L6-v2
  $ bertkit encode "A lovely library." "Eine schöne Bibliothek."
  $ bertkit encode --input texts.txt --output vectors.npy
  $ bertkit tokenize "unaffable"
  $ bertkit info models/all-MiniLM-L6-v2`,
  encode: `
Examples:
  $ bertkit encode "A lovely library."                          one JSON object a line: text and vector
  $ bertkit encode --input texts.txt --output vectors.npy       for numpy.load
  $ bertkit encode --input sts.tsv --field sentence1 --no-quotes --output vectors.f32
  $ zcat reviews.jsonl.gz | bertkit encode - --format jsonl --field body > vectors.jsonl
  $ bertkit encode --prompt "query: " -- "-273.15 °C"           a text that begins with -`,
  tokenize: `
Examples:
  $ bertkit tokenize "unaffable"                                a table, on a terminal
  $ bertkit tokenize --input texts.txt | head -1                JSON lines: text, ids, tokens, ranges`,
  info: `
Examples:
  $ bertkit info models/all-MiniLM-L6-v2
  $ bertkit info --json models/all-MiniLM-L6-v2 | jq .parameters`,
};

const inputRules = `
Input:
  UTF-8; what is not becomes U+FFFD, with a warning. Without texts and --input, standard input is read if it is piped.
  lines  each line is a text, the empty one too, so that rows match lines; it ends with \\n or \\r\\n
  csv    with a header; the column is --field, or the only one, or the one named text or sentence. Also tsv, with tabs
  jsonl  the string under --field (default: text) of the object in each line`;

const outputRules = `
Output:
  jsonl  {"text":"…","vector":[…]}, the fewest digits that give the same float32 back
  npy    float32 [texts, width] for NumPy; only to a file
  f32    the same numbers alone, little-endian, row after row`;

const speedRules = `
Speed:
  On x64 with Node 24 or later, experimental 256-bit operations of V8 are used where they pass a trial: 1.5 times as
  fast, the same vectors. With BERTKIT_WIDE=0 in the environment they are not.`;

const endings = `
Exit codes: ${exitCodes.ok} done (or the reader of the pipe left), ${exitCodes.failure} failed, ${exitCodes.usage} wrong usage, ${exitCodes.interrupted} stopped by Ctrl-C
With BERTKIT_DEBUG=1, errors show where they come from.`;
