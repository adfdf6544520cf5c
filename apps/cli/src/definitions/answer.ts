import { Command, InvalidArgumentError } from "commander";
import type { AnswerFlags } from "../commands/answer.js";
import { type CommandDefinition, define, type HelpSection } from "./command-definition.js";
import { commonOptions, positiveInteger, taskOptions } from "./options.js";
import { inputRules } from "./sections.js";

/** `bertkit answer`. */
export function answerDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("answer")
    .summary("what answers a question in a text")
    .description("Write the stretch of a text that answers each question, with a head that was fine-tuned on SQuAD.")
    .argument("[questions...]", 'questions about --context, or "question ||| context"; - reads standard input');
  taskOptions(command, "pairs", "is read in windows")
    .optionsGroup("Input:")
    .option("--context <text>", "what all questions are about: a text, a file that is there, - for standard input")
    .optionsGroup("Windows:")
    .option(
      "--stride <tokens>",
      "of a long context: the next window begins so much later (default: 128)",
      positiveInteger,
    )
    .option("--max-question-length <tokens>", "cut questions to so many tokens (default: 64)", positiveInteger)
    .optionsGroup("Results:")
    .option("--top <count>", "so many of the n best answers (default: 1)", positiveInteger)
    .option(
      "--n-best <count>",
      "starts and ends of each window to choose from, answers to keep (default: 20)",
      positiveInteger,
    )
    .option("--max-answer-tokens <tokens>", "tokens of an answer at most (default: 30)", positiveInteger)
    .option("--unanswerable", "there may be no answer, as in SQuAD 2.0; it is empty then")
    .option("--null-threshold <logits>", "the same, where its odds are above these (default: 0)", logits);
  commonOptions(command, "print JSON lines");
  command.action(async (questions: string[], flags: AnswerFlags) => {
    await (await import("../commands/answer.js")).answer(questions, flags, signal);
  });
  return define(command, {
    examples: [
      { line: 'bertkit answer --model ./squad --context "Ada Lovelace wrote the first program." "Who wrote it?"' },
      {
        line: 'bertkit answer --model ./squad --context book.txt "Who wrote it?" "When?" --top 3',
        shows: "about a file",
      },
      {
        line: "bertkit answer --model ./squad --input qa.csv --fields question,context --keep id --output answers.csv",
      },
      { line: 'cat book.txt | bertkit answer --model ./squad --context - "Who wrote it?" --unanswerable --json' },
    ],
    sections: [inputRules, contextRules],
  });
}

/** How contexts are read. */
const contextRules: HelpSection = {
  title: "Contexts",
  body: `Without --context each question brings its own: "question ||| context" in a line, or two columns by --fields.
A context of any length is read, in windows of --max-length tokens (default: 384, or the model's limit) that overlap; an
answer begins in the window where it has the most context around it. It is cut from the context as it stands: start and
end are UTF-16 units. Its score is its share among the n best. Where a context has no words the answer is empty.`,
};

function logits(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Wanted a number, such as 0 or -1.5.");
}
