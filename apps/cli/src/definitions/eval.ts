import { Command, InvalidArgumentError, Option } from "commander";
import type { EvalClassifyFlags } from "../commands/eval-classify.js";
import type { EvalRetrievalFlags } from "../commands/eval-retrieval.js";
import type { EvalSquadFlags } from "../commands/eval-squad.js";
import type { EvalStsFlags } from "../commands/eval-sts.js";
import type { EvalTagFlags } from "../commands/eval-tag.js";
import { type CommandDefinition, define, type HelpSection } from "./command-definition.js";
import { commonOptions, encoderOptions, modelOptions, names, poolingNames, positiveInteger } from "./options.js";

/** The tasks that `eval classify` knows: those of the package data, which help must not load. */
export const evalTaskNames = [
  "ax",
  "cola",
  "mnli",
  "mrpc",
  "qnli",
  "qqp",
  "rte",
  "snli",
  "sst2",
  "stsb",
  "wnli",
  "xnli",
] as const;

/** The languages that MLQA's rules know, likewise. */
export const mlqaLanguageNames = ["ar", "de", "en", "es", "hi", "vi", "zh"] as const;

/** The schemes that tags may be in, likewise. */
export const tagSchemeNames = ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"] as const;

/** `bertkit eval` and what is under it. */
export function evalDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("eval")
    .summary("official scores")
    .description(
      "Score a model, or predictions that are there already, on the files that people compare models by, as the official scripts do.",
    );
  return define(command, {
    examples: [
      { line: "bertkit eval squad --data squad.json --predictions predictions.json" },
      { line: "bertkit eval classify --task sst2 --data sst2.tsv --model ./sentiment" },
      { line: "bertkit eval sts --data stsb.tsv --json | jq .spearman" },
    ],
    subcommands: [squad(signal), classify(signal), tag(signal), sts(signal), retrieval(signal)],
  });
}

/** How a run can be gone on with. */
const resumeRules: HelpSection = {
  title: "Predictions",
  body: `With --predictions no model is loaded. With --output (or --output-dir) what a model predicts is written down as it
comes, and appears under its name when all of it is there; an interrupted run goes on with --resume. Such a file, given
to --predictions, scores what its run printed.`,
};

function squad(signal: AbortSignal): CommandDefinition {
  const command = new Command("squad")
    .summary("answers to questions about texts")
    .description("Exact match and F1 of answers to SQuAD's questions, and of files of the same form.");
  dataOptions(command, "a file in SQuAD's form, 1.1 or 2.0", "predictions.json as run_squad writes it").option(
    "--null-odds <file>",
    "null_odds.json, or probabilities of no answer: for the best thresholds of 2.0",
  );
  command
    .optionsGroup("Scores:")
    .addOption(
      new Option("--rules <script>", "whose (default: 2.0 where questions are impossible, else 1.1)").choices([
        "1.1",
        "2.0",
        "mlqa",
      ]),
    )
    .addOption(
      new Option(
        "--language <language>",
        "of MLQA's rules: its articles, and Chinese by characters (default: en)",
      ).choices(mlqaLanguageNames),
    )
    .option("--threshold <odds>", "null odds above it count as no answer (default: 1, as the script's)", number);
  resumeOptions(
    command
      .optionsGroup("Output:")
      .option("--output-dir <folder>", "write predictions.json, nbest_predictions.json and, of 2.0, null_odds.json"),
  );
  encoderOptions(modelOptions(command), "is read in windows")
    .optionsGroup("Answers:")
    .option("--doc-stride <tokens>", "the next window begins so many tokens later (default: 128)", positiveInteger)
    .option("--max-query-length <tokens>", "cut questions to so many tokens (default: 64)", positiveInteger)
    .option("--n-best-size <count>", "answers of a question in nbest_predictions.json (default: 20)", positiveInteger)
    .option("--max-answer-length <tokens>", "tokens of an answer at most (default: 30)", positiveInteger)
    .option("--null-score-diff-threshold <odds>", "of 2.0: null odds above it are no answer (default: 0)", number);
  command.action(async (flags: EvalSquadFlags) => {
    await (await import("../commands/eval-squad.js")).evalSquad(flags, signal);
  });
  commonOptions(command, "print JSON");
  return define(command, {
    examples: [
      { line: "bertkit eval squad --data squad.json --predictions predictions.json", shows: "exact_match and f1" },
      {
        line: "bertkit eval squad --data squad2.json --predictions predictions2.json --null-odds null_odds.json",
        shows: "with and without an answer, and the best thresholds",
      },
      { line: "bertkit eval squad --data squad.json --model ./squad --output-dir answers --resume" },
      { line: "bertkit eval squad --data squad.json --predictions predictions.json --rules mlqa --language zh" },
    ],
    sections: [
      {
        title: "Rules",
        body: `1.1     a question without a prediction scores 0; predictions for other questions are left out
2.0     "" is the prediction of no answer, and a question without a prediction is an error
mlqa    as 1.1, with each language's articles and punctuation; for DRCD, CMRC and XQuAD's Chinese: --language zh
Numbers are those of evaluate-v1.1.py, evaluate-v2.0.py and mlqa_evaluation_v1.py, to the last digit.`,
      },
      resumeRules,
    ],
  });
}

function classify(signal: AbortSignal): CommandDefinition {
  const command = new Command("classify")
    .summary("labels of texts and pairs")
    .description(
      "Accuracy, F1, Matthews' or other correlation of labels, whichever a task of GLUE is judged by; XNLI too.",
    );
  dataOptions(command, "the task's file, .tsv or .jsonl, as it is published", "labels of a model, one for each example")
    .addOption(
      new Option("--task <task>", "whose file it is (default: any .tsv with a label column)").choices(evalTaskNames),
    )
    .option("--labels <pairs>", "which label is which where names differ: LABEL_0=negative,LABEL_1=positive", names)
    .option("--language <language>", "only these of a file's examples, as zh of XNLI's");
  outputOptions(command, "write the model's labels to .tsv, as GLUE takes them, or .jsonl");
  encoderOptions(modelOptions(command));
  commonOptions(command, "print JSON");
  command.action(async (flags: EvalClassifyFlags) => {
    await (await import("../commands/eval-classify.js")).evalClassify(flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit eval classify --task sst2 --data sst2.tsv --model ./sentiment" },
      {
        line: "bertkit eval classify --task mnli --data mnli.tsv --model ./entailment --output mnli-labels.tsv --resume",
      },
      {
        line: "bertkit eval classify --task rte --data rte.tsv --model ./entailment --labels neutral=not_entailment,contradiction=not_entailment",
        shows: "three labels for two",
      },
      { line: "bertkit eval classify --task sst2 --data sst2.tsv --predictions labels.tsv" },
    ],
    sections: [
      {
        title: "Labels",
        body: `A label counts by its spelling in the data (0, entailment) or in words (negative), whatever the case. A model that
calls its labels LABEL_0 … has them in the task's order: of MNLI and XNLI contradiction, entailment, neutral, as Google's
run_classifier; say --labels where a model has another. Any label without a counterpart is an error. Without --task the
labels are those of the file, and the scores accuracy and macro F1.
--predictions takes GLUE's index⇥prediction, Google's test_results.tsv, JSON lines (also those of bertkit classify), or a
label in each line. Of stsb, predictions are numbers, and the model one for regression.`,
      },
      resumeRules,
    ],
  });
}

function tag(signal: AbortSignal): CommandDefinition {
  const command = new Command("tag")
    .summary("named entities")
    .description("Precision, recall and F1 of entities, as seqeval and conlleval count them.");
  dataOptions(command, "words and tags in columns (CoNLL, WNUT), or CLUENER's .json", "a file of the same form")
    .option("--labels <pairs>", "which type or tag is which: PER=person,MISC=O,LABEL_1=B-person", names)
    .addOption(
      new Option("--scheme <scheme>", "how tags must be spelt to count (default: as conlleval, leniently)").choices(
        tagSchemeNames,
      ),
    );
  outputOptions(command, "write the model's tags beside the data's; of CLUENER, JSON lines");
  encoderOptions(modelOptions(command), "is read in windows");
  commonOptions(command, "print JSON");
  command.action(async (flags: EvalTagFlags) => {
    await (await import("../commands/eval-tag.js")).evalTag(flags, signal);
  });
  return define(command, {
    examples: [
      {
        line: "bertkit eval tag --data entities.conll --model ./tagger --output tags.conll",
        shows: "of each type too",
      },
      { line: "bertkit eval tag --data entities.conll --predictions predicted.conll --scheme IOB2 --json | jq .f1" },
    ],
    sections: [
      {
        title: "Files",
        body: `A word and its tag in each line, the tag in the last column, a blank line after each sentence; files of predictions
have the same words. CLUENER's JSON is tagged by characters.`,
      },
      resumeRules,
    ],
  });
}

function sts(signal: AbortSignal): CommandDefinition {
  const command = new Command("sts")
    .summary("how alike two texts are")
    .description("Pearson's and Spearman's correlation of cosines with what people said of pairs of texts.");
  dataOptions(
    command,
    "pairs with scores: STS-B, SICK, or sentence1, sentence2 and score",
    "numbers, one for each pair",
  );
  outputOptions(command, "write the cosines to .tsv or .jsonl");
  vectorOptions(encoderOptions(modelOptions(command)))
    .addOption(new Option("--prompt <text>", "put this before each text").conflicts("promptName"))
    .option("--prompt-name <name>", "put the model's prompt of that name before each text");
  commonOptions(command, "print JSON");
  command.action(async (flags: EvalStsFlags) => {
    await (await import("../commands/eval-sts.js")).evalSts(flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit eval sts --data stsb.tsv", shows: "the cosines of all-MiniLM-L6-v2" },
      {
        line: "bertkit eval sts --data stsb.tsv --output cosines.tsv && bertkit eval sts --data stsb.tsv --predictions cosines.tsv",
      },
      {
        line: "bertkit similar --in stsb.tsv --no-quotes --fields sentence1,sentence2 --json > scores.jsonl && bertkit eval sts --data stsb.tsv --predictions scores.jsonl",
      },
    ],
    sections: [resumeRules],
  });
}

function retrieval(signal: AbortSignal): CommandDefinition {
  const command = new Command("retrieval")
    .summary("finding documents for queries")
    .description("nDCG, MRR, MAP, recall and precision of a search, on the folders that BEIR publishes.");
  dataOptions(
    command,
    "a folder with corpus.jsonl, queries.jsonl and qrels; or judgements alone, BEIR's .tsv or TREC's",
    "what was found: a TREC run file",
  ).option("--split <name>", "whose judgements: qrels/NAME.tsv (default: test)");
  outputOptions(command, "write what is found as a TREC run file");
  vectorOptions(encoderOptions(modelOptions(command)))
    .optionsGroup("Search:")
    .option("--top <count>", "documents of a query at most (default: 1000)", positiveInteger)
    .option("--reranker <model>", "read the first finds again with this cross-encoder, named as for --model")
    .option("--rerank-top <count>", "how many of them, the others are dropped (default: 100)", positiveInteger);
  commonOptions(command, "print JSON");
  command.action(async (flags: EvalRetrievalFlags) => {
    await (await import("../commands/eval-retrieval.js")).evalRetrieval(flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit eval retrieval --data ./beir --output run.trec", shows: "a run that --resume can go on with" },
      { line: "bertkit eval retrieval --data ./beir --reranker ./reranker --rerank-top 10" },
      { line: "bertkit eval retrieval --data ./beir/qrels/test.tsv --predictions found.trec" },
    ],
    sections: [
      {
        title: "Search",
        body: `As BEIR does: every document by its cosine, a title before its text, and the one that has the query's id left out.
Prompts that the model names "query" and "document" (or "passage") are put before queries and texts. Scores are those of
pytrec_eval; equal scores go by the document's id. An interrupted run keeps the documents' vectors.`,
      },
      resumeRules,
    ],
  });
}

function dataOptions(command: Command, data: string, predictions: string): Command {
  return command
    .optionsGroup("Data:")
    .requiredOption("-d, --data <file>", `${data}; - is standard input`)
    .option("--predictions <file>", predictions)
    .option("--limit <count>", "only so many of the first examples", positiveInteger);
}

function outputOptions(command: Command, output: string): Command {
  return resumeOptions(command.optionsGroup("Output:").option("-o, --output <file>", output));
}

function resumeOptions(command: Command): Command {
  return command
    .addOption(new Option("--resume", "go on where an interrupted run stopped").conflicts("restart"))
    .option("--restart", "start over, and forget an interrupted run");
}

function vectorOptions(command: Command): Command {
  return command
    .optionsGroup("Vectors:")
    .addOption(new Option("--pooling <mode>", "instead of the pooling that the model states").choices(poolingNames))
    .option("--dimensions <count>", "keep the first numbers of each vector (Matryoshka models)", positiveInteger);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Wanted a number, such as 0.5.");
}
