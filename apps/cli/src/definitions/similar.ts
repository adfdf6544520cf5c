import { Command, InvalidArgumentError, Option } from "commander";
import type { SimilarFlags } from "../commands/similar.js";
import { type CommandDefinition, define } from "./command-definition.js";
import {
  collect,
  commonOptions,
  encoderOptions,
  inputOptions,
  keepOptions,
  modelOptions,
  names,
  poolingNames,
  positiveInteger,
  scoreNames,
} from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit similar`. */
export function similarDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("similar")
    .summary("what is most alike")
    .description(
      "Find the texts of a file that are most like a query; without queries, its near-duplicates (--threshold), or how alike two of its columns are (--fields).",
    )
    .argument("[queries...]", "what to look for");
  keepOptions(
    inputOptions(command).addOption(new Option("--in <file>", "the same as --input").argParser(collect)),
  ).option("--fields <a,b>", "compare these two columns, row by row", names);
  command
    .optionsGroup("Results:")
    .option("--top <count>", "so many at most (default: 10 a query)", positiveInteger)
    .option("--threshold <score>", "only scores from here up; without queries, pairs of near-duplicates", score)
    .addOption(new Option("--score <kind>", "how to compare (default: cosine)").choices(scoreNames))
    .option("-o, --output <file>", "write to .jsonl, .csv or .tsv, which appears when it is complete");
  encoderOptions(modelOptions(command))
    .optionsGroup("Vectors:")
    .addOption(new Option("--pooling <mode>", "instead of the pooling that the model states").choices(poolingNames))
    .option("--dimensions <count>", "keep the first numbers of each vector (Matryoshka models)", positiveInteger)
    .addOption(new Option("--prompt <text>", "put this before each query").conflicts("promptName"))
    .option("--prompt-name <name>", "put the model's prompt of that name before each query")
    .addOption(new Option("--document-prompt <text>", "put this before each text").conflicts("documentPromptName"))
    .option("--document-prompt-name <name>", "put the model's prompt of that name before each text");
  commonOptions(command, "print JSON lines");
  command.action(async (queries: string[], { in: more, ...flags }: SimilarFlags & { in?: readonly string[] }) => {
    const input = [...(flags.input ?? []), ...(more ?? [])];
    const { similar } = await import("../commands/similar.js");
    await similar(queries, { ...flags, ...(input.length > 0 && { input }) }, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit similar "delivery was late" --in reviews.csv --field review', shows: "the ten most like it" },
      { line: 'bertkit similar "refund" "broken screen" --in reviews.csv --field review --top 3 --keep id' },
      {
        line: 'bertkit encode --input texts.txt --output texts.parquet && bertkit similar "one" --in texts.parquet',
        shows: "vectors that were made once are not made again",
      },
      { line: "bertkit similar --in texts.txt --threshold 0.95", shows: "pairs that say nearly the same" },
      { line: "bertkit similar --in sts.tsv --no-quotes --fields sentence1,sentence2 --output scores.csv" },
      { line: 'cat texts.txt | bertkit similar "a question" --in - --json | jq .score' },
    ],
    sections: [
      inputRules,
      {
        title: "Vectors",
        body: `Rows of jsonl, csv and parquet that have a vector are not encoded again; nor are .npy and raw files (.f32 …), which
have no texts to show. Their width must be the model's. Prompts that the model names "query" and "document" (or
"passage") are put before queries and texts by themselves; vectors for such a model are made with
bertkit encode --prompt-name document (or passage).`,
      },
    ],
  });
}

function score(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Wanted a number, such as 0.9.");
}
