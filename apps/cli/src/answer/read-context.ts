import { stat } from "node:fs/promises";
import { openDataFile } from "../eval/data-file.js";
import { Failure, usageFailure } from "../failure.js";
import type { InputFlags } from "../input/open-rows.js";

/**
 * The text that questions are about: a file's where there is one of that name, that of standard input for `-`, else the
 * given text itself.
 * @throws {Failure} for what looks like a file and is none, for a text without words, and where standard input has the
 * questions too.
 */
export async function readContext(
  given: string,
  questions: readonly string[],
  { input = [] }: Pick<InputFlags, "input">,
  signal: AbortSignal,
): Promise<string> {
  const questionsArePiped = [...questions, ...input].includes("-") || questions.length + input.length === 0;
  if (given === "-" && questionsArePiped) {
    const problem = "standard input is the context, and cannot have the questions too";
    throw usageFailure(problem, "give the questions as arguments, or name a file of them with --input FILE");
  }
  const text = given === "-" || (await isThere(given)) ? await textOf(given, signal) : given;
  if (text === given && looksLikeFile(given)) {
    throw new Failure(`${given}: no such file or folder`, {
      hint: "check the name; --context also takes a text itself",
    });
  }
  if (text.trim() !== "") return text;
  throw new Failure(`${given === "-" ? "standard input" : given || "--context"}: there is no text in it`, {
    hint: "give the text that has the answers",
  });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function textOf(name: string, signal: AbortSignal): Promise<string> {
  return (await openDataFile(name, signal)).parse((text) => text);
}

/** One word with an extension or a folder in it: what answers are looked for in has more. */
const looksLikeFile = (text: string): boolean => /^\S*[./\\][\w-]+$/.test(text);
