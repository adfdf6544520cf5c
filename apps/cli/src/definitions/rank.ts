import { Command } from "commander";
import type { RankFlags } from "../commands/rank.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, positiveInteger, taskOptions } from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit rank`. */
export function rankDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("rank")
    .summary("which passages answer a query")
    .description(
      "Write the passages that answer a query best, read together with it by a re-ranker (cross-encoder); without a query, how well the second of two columns answers the first (--fields).",
    )
    .argument("[query]", "what to find")
    .argument("[passages...]", "passages to rank; - reads them from standard input");
  taskOptions(command, "pairs")
    .optionsGroup("Results:")
    .option("--top <count>", "so many at most (default: 10)", positiveInteger);
  commonOptions(command, "print JSON lines");
  command.action(async (query: string | undefined, passages: string[], flags: RankFlags) => {
    await (await import("../commands/rank.js")).rank(query, passages, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit rank --model ./reranker "who reads?" "A cat sleeps." "The old man reads a book."' },
      { line: 'bertkit rank --model ./reranker "late delivery" --input reviews.csv --field review --keep id --top 3' },
      { line: "bertkit rank --model ./reranker --input pairs.csv --fields query,passage --output scores.csv" },
      {
        line: 'bertkit similar "late delivery" --in texts.txt --top 100 --json | bertkit rank --model ./reranker "late delivery" --format jsonl',
        shows: "first a fast search, then a careful one",
      },
    ],
    sections: [inputRules],
  });
}
