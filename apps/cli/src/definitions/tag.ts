import type { Aggregation } from "bertkit";
import { Command, Option } from "commander";
import type { TagFlags } from "../commands/tag.js";
import { type CommandDefinition, define, type HelpSection } from "./command-definition.js";
import { commonOptions, positiveInteger, taskOptions } from "./options.js";
import { inputRules } from "./sections.js";

/** Those of the package bertkit, which help must not load. */
const aggregationNames = ["none", "simple", "first", "average", "max"] as const satisfies readonly Aggregation[];

/** How entities are made of tokens. */
const entityRules: HelpSection = {
  title: "Entities",
  body: `none     each token alone, with its whole label, such as B-PER
simple   neighbours of one type are joined: B- begins an entity, and I- goes on one; E-, L-, S-, U- and M- are known too
first    the same with a label a word, that of its first token; average and max are likewise of all a word's tokens
start and end count UTF-16 units of the text. A text of more tokens than --max-length is read in windows that overlap, and
not cut: each token has the scores of the window where it stands farthest from an edge.
With --words the words' labels come too: in JSON under "labels", in csv and tsv a row each in place of entities.`,
};

/** `bertkit tag`. */
export function tagDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("tag")
    .summary("names and other entities in texts")
    .description(
      "Write the entities of each text, or a label a word, with the token head that the model was tuned with.",
    )
    .argument("[texts...]", "texts to find entities in; - reads them from standard input");
  taskOptions(command, "one text", "is read in windows")
    .option("--stride <tokens>", "from a window to the next (default: three quarters of one)", positiveInteger)
    .optionsGroup("Input:")
    .option("--words", "white space divides texts into words, each of which has a label")
    .optionsGroup("Results:")
    .addOption(
      new Option("--aggregation <way>", "how tokens become entities (default: simple; first with --words)").choices(
        aggregationNames,
      ),
    );
  commonOptions(command, "print JSON lines");
  command.action(async (texts: string[], flags: TagFlags) => {
    await (await import("../commands/tag.js")).tag(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit tag --model ./tagger "Ann lives in New York."' },
      { line: "bertkit tag --model ./tagger --input reviews.csv --field review --keep id --output entities.csv" },
      { line: 'echo "Ann lives in New York ." | bertkit tag --model ./tagger --words --json', shows: "a label a word" },
      { line: "cat texts.txt | bertkit tag --model ./tagger --aggregation first" },
    ],
    sections: [inputRules, entityRules],
  });
}
