import type { DataPlace } from "../data-error.js";
import { shown } from "../data-error.js";
import { placesInUnits } from "../text/code-points.js";
import { JsonObject, parseJson } from "../text/json-object.js";

/** An answer that somebody gave. */
export interface SquadAnswer {
  readonly text: string;
  /** Where it stands in the context, in UTF-16 units; undefined where the file points to another text. */
  readonly start: number | undefined;
}

/** A question about a text. */
export interface SquadQuestion {
  readonly id: string;
  /** Of its article; empty where the file has none. */
  readonly title: string;
  /** Questions about one paragraph share the string. */
  readonly context: string;
  readonly question: string;
  /** What is right, by one person or several; none for what can't be answered, and in test files. */
  readonly answers: readonly SquadAnswer[];
  /** What an impossible question of SQuAD 2.0 seems to have as answers. */
  readonly plausibleAnswers: readonly SquadAnswer[];
  /** Whether the text holds no answer; always false in SQuAD 1.1. */
  readonly impossible: boolean;
  /** Within the file, such as `data[0].paragraphs[2].qas[1]`. */
  readonly path: string;
}

/** Something in a file that is not as it should be, though it can be read. */
export interface DataWarning {
  /**
   * `answer-elsewhere`: the text at an answer's place is another; `duplicate-id`: an earlier question has the same
   * id.
   */
  readonly code: "answer-elsewhere" | "duplicate-id";
  readonly path: string;
  readonly message: string;
}

/** All of a file. */
export interface SquadFile {
  readonly version: string | undefined;
  readonly questions: readonly SquadQuestion[];
  readonly warnings: readonly DataWarning[];
}

/**
 * The questions of a file in SQuAD's form, 1.1 or 2.0: SQuAD itself, XQuAD, MLQA, DRCD, CMRC 2018 … in the order of
 * the file. Places there are code points, as Python counts; here they are UTF-16 units.
 * @throws {DataError} `json` for what is not JSON, `shape` with the place for a field that is absent or of another
 * type.
 */
export function parseSquad(json: string): SquadFile {
  const file = new JsonObject(parseJson(json));
  const reader = new QuestionReader();
  for (const article of file.objects("data")) {
    const title = article.string("title", "");
    for (const paragraph of article.objects("paragraphs")) reader.readParagraph(paragraph, title);
  }
  const version = file.value("version") === undefined ? undefined : file.string("version");
  return { version, questions: reader.questions, warnings: reader.warnings };
}

class QuestionReader {
  readonly questions: SquadQuestion[] = [];
  readonly warnings: DataWarning[] = [];
  readonly #ids = new Set<string>();

  readParagraph(paragraph: JsonObject, title: string): void {
    const context = paragraph.string("context");
    const toUnits = placesInUnits(context);
    const start = (answer: JsonObject): number | undefined => toUnits(answer.integer("answer_start"));
    for (const question of paragraph.objects("qas")) {
      const id = question.string("id");
      this.#checkId(id, question);
      this.questions.push({
        id,
        title,
        context,
        question: question.string("question"),
        answers: this.#answers(question, "answers", { context, start }),
        plausibleAnswers: this.#answers(question, "plausible_answers", { context, start }),
        impossible: question.boolean("is_impossible", false),
        path: pathOf(question.place),
      });
    }
  }

  #checkId(id: string, question: JsonObject): void {
    if (this.#ids.has(id)) {
      const message = `wanted an id of its own, came ${shown(id)} again: predictions can't tell these questions apart`;
      this.warnings.push({ code: "duplicate-id", path: pathOf(question.at("id")), message });
    }
    this.#ids.add(id);
  }

  #answers(question: JsonObject, field: string, { context, start }: AnswerPlaces): SquadAnswer[] {
    return question.objects(field, { optional: true }).map((answer) => {
      const text = answer.string("text");
      const at = start(answer);
      if (at !== undefined && context.startsWith(text, at)) return { text, start: at };
      const came = at === undefined ? "a place outside it" : shown(context.slice(at, at + text.length));
      const message = `wanted ${shown(text)} in the context at answer_start, came ${came}`;
      this.warnings.push({ code: "answer-elsewhere", path: pathOf(answer.place), message });
      return { text, start: undefined };
    });
  }
}

interface AnswerPlaces {
  readonly context: string;
  readonly start: (answer: JsonObject) => number | undefined;
}

const pathOf = ({ path = "" }: DataPlace): string => path;
