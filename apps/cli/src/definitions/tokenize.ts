import { Command, Option } from "commander";
import type { TokenizeFlags } from "../commands/tokenize.js";
import { tokenForms } from "../output/token-forms.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, inputOptions, modelOptions, positiveInteger } from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit tokenize`. */
export function tokenizeDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("tokenize")
    .summary("texts to tokens")
    .description("Write the tokens of each text: their ids, and their ranges in the text in UTF-16 units.")
    .argument("[texts...]", "texts to tokenize; - reads them from standard input");
  inputOptions(command)
    .optionsGroup("Output:")
    .option("-o, --output <file>", "write to a .jsonl file, which appears when it is complete")
    .addOption(new Option("--output-format <form>", "default: table on a terminal, else jsonl").choices(tokenForms));
  modelOptions(command).option(
    "--max-length <tokens>",
    "cut texts to so many tokens (default: no limit)",
    positiveInteger,
  );
  commonOptions(command, "write JSON lines, on a terminal too");
  command.action(async (texts: string[], flags: TokenizeFlags) => {
    await (await import("../commands/tokenize.js")).tokenize(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit tokenize "unaffable"', shows: "a table, on a terminal" },
      { line: "bertkit tokenize --input texts.txt | head -1", shows: "JSON lines: text, ids, tokens, ranges" },
    ],
    sections: [inputRules],
  });
}
