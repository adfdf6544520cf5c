import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { QuestionInContext } from "bertkit";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

/**
 * The questions of SQuAD 1.1's dev set with their contexts, 10,570 in the order of the file, from `BERTKIT_DATA` or
 * `../shared/data` beside the repository. Throws `Error` where the file is not there.
 */
export function squadQuestions(): QuestionInContext[] {
  const name = "question-answering/dev-v1.1.json";
  const path = resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data", name);
  try {
    return questionsIn(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`no questions at ${path}: BERTKIT_DATA names the folder that has ${name}`, { cause });
  }
}

interface SquadFile {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly context: string;
      readonly qas: readonly { readonly question: string }[];
    }[];
  }[];
}

/** The questions of a file of SQuAD, each with its context. */
export function questionsIn(json: string): QuestionInContext[] {
  const { data } = JSON.parse(json) as SquadFile;
  return data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) => qas.map(({ question }) => ({ question, context }))),
  );
}
