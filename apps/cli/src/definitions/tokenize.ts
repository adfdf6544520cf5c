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
    .description(
      "Write the tokens of each text: their ids, and their ranges in the text in UTF-16 units; or count them.",
    )
    .argument("[texts...]", "texts to tokenize; - reads them from standard input");
  inputOptions(command)
    .optionsGroup("Output:")
    .option("-o, --output <file>", "write to a .jsonl file, which appears when it is complete")
    .addOption(new Option("--output-format <form>", "default: view on a terminal, else jsonl").choices(tokenForms))
    .option("--count", "write how many tokens each file has, and all of them, without special tokens");
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
      { line: 'bertkit tokenize "unaffable"', shows: "the text with its tokens in colours, on a terminal" },
      { line: "bertkit tokenize --output-format ids --input texts.txt", shows: "the ids of a text in each line" },
      { line: "bertkit tokenize --count --input 'texts*.txt'", shows: "tokens a file and in all" },
      { line: "bertkit tokenize --input texts.txt | head -1", shows: "JSON lines: text, ids, tokens, ranges" },
    ],
    sections: [tokenRules, inputRules],
  });
}

/** How tokens are written. */
const tokenRules = {
  title: "Output",
  body: `view   the text with its tokens in two colours by turns, unknown words in red; without colours bars: un|aff|able
table  a row a token: id, token, range, what it stands for
ids    the ids of a text in each line, between spaces
jsonl  {"text":"…","ids":[…],"tokens":[…],"ranges":[[0,2],…]}
With --count a line a file, table or jsonl: {"source":"a.txt","texts":12,"tokens":345}; of several then all, source null.`,
};
