import { Command, Option } from "commander";
import type { VocabularyTrainFlags } from "../commands/vocabulary.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions, inputOptions, names, positiveInteger } from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit vocabulary` and what is under it. */
export function vocabularyDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("vocabulary")
    .summary("a vocabulary of your own texts")
    .description("Make the vocabulary that a tokenizer cuts words with.");
  return define(command, {
    examples: [{ line: "bertkit vocabulary train --input 'texts*.txt' --size 8000 --output vocab.txt" }],
    subcommands: [train(signal)],
  });
}

function train(signal: AbortSignal): CommandDefinition {
  const command = new Command("train")
    .summary("texts to a vocab.txt")
    .description(
      "Train a WordPiece vocabulary on texts, as Hugging Face's trainer does, with the same tokens each time.",
    )
    .argument("[texts...]", "texts to train on; - reads them from standard input");
  inputOptions(command)
    .optionsGroup("Output:")
    .requiredOption("-o, --output <place>", "a .txt file, - for standard output, or a folder for --model");
  vocabularyOptions(command);
  commonOptions(command, "print the statistics as JSON");
  command.action(async (texts: string[], flags: VocabularyTrainFlags) => {
    await (await import("../commands/vocabulary.js")).trainVocabulary(texts, flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit vocabulary train --input 'texts*.txt' --size 8000 --output vocab.txt" },
      {
        line: "bertkit vocabulary train --input texts.txt --output mine && bertkit tokenize --model mine unaffable",
        shows: "a folder has a tokenizer_config.json too",
      },
    ],
    sections: [trainingRules, inputRules],
  });
}

function vocabularyOptions(command: Command): void {
  command
    .optionsGroup("Vocabulary:")
    .option("--size <tokens>", "tokens to have in the end (default: 30522)", positiveInteger)
    .option("--min-frequency <count>", "join pieces that come so often (default: 2)", positiveInteger)
    .option("--alphabet-limit <count>", "characters at most, or all (default: 1000)", countOrAll)
    .option("--special-tokens <names>", "the first tokens (default: [PAD],[UNK],[CLS],[SEP],[MASK])", names)
    .option("--lower-case", "lower-case the texts (the default)")
    .option("--no-lower-case", "keep upper case")
    .option("--strip-accents", "drop accents (default: as --lower-case)")
    .option("--no-strip-accents", "keep accents")
    .addOption(
      new Option("--reference <name>", "whose words (default: hugging-face)").choices(["hugging-face", "google"]),
    )
    .option("--word-limit <words>", "different words to remember at most (default: 2000000)", positiveInteger);
}

function countOrAll(text: string): number {
  return text === "all" ? Number.POSITIVE_INFINITY : positiveInteger(text);
}

/** What a vocabulary is made of. */
const trainingRules = {
  title: "Training",
  body: `Special tokens come first, then the characters, then those that continue words (##x), then the pieces that were joined.
Special tokens and characters are never left out: with a --size below theirs they are the vocabulary. Texts are read
once and not kept. Beyond --word-limit the rarest words are forgotten, and a warning says by how much counts may be off.
Words of more than 100 characters, of 200 with --reference google, are left out: they become [UNK].`,
};
