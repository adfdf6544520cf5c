import type { LoadModelOptions, TaskOptions, TaskProgress } from "bertkit";
import { jsonCell } from "../output/forms/json-cell.js";
import type { Cell, CellObject } from "../rows/row.js";
import { withAnswers } from "../rows/with-answers.js";
import { openResults } from "../similar/open-results.js";
import { checkNames, type ResultForm, resultFormOf, resultTable } from "../similar/result-forms.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { type OpenModel, openTaskModel } from "./open-task-model.js";
import type { TaskRow, TaskRows } from "./open-task-rows.js";
import type { TaskFlags } from "./task-flags.js";
import { lengthLimitOf, warnOfCuts } from "./warn-of-cuts.js";

/** A task as a command: which model answers, and how an answer is written. */
export interface TaskCommand<Model extends OpenModel, Answer> {
  readonly load: (model: string, options: LoadModelOptions) => Promise<Model>;
  /** An answer for each row, in their order. */
  readonly answers: (model: Model, rows: AsyncIterable<TaskRow>, options: TaskOptions) => AsyncIterable<Answer>;
  /** Of a table, after the kept columns and the texts. */
  readonly columns: readonly string[];
  /** An answer as rows of a table: none, one or several. */
  readonly cells: (answer: Answer, row: TaskRow) => readonly (readonly Cell[])[];
  /** An answer as a JSON object, after the kept columns and the texts. */
  readonly object: (answer: Answer, row: TaskRow) => CellObject;
  /** An answer for people. @param columns of the terminal */
  readonly page: (answer: Answer, row: TaskRow, columns: number) => string;
}

/** Answers the rows in their order, holding no more of them than are being computed, and writes the answers. */
export async function runTask<Model extends OpenModel, Answer>(
  source: TaskRows,
  { load, answers, ...shown }: TaskCommand<Model, Answer>,
  flags: TaskFlags,
  signal: AbortSignal,
): Promise<void> {
  const form = resultFormOf(flags, "jsonl");
  const { head, text } = answerForm(source, shown, form);
  await using results = await openResults(flags, signal);
  using model = await openTaskModel(flags, signal, load);
  using display = form === "page" ? undefined : await progressDisplay(source.extent, flags);
  let progress: TaskProgress = { inputs: 0, tokens: 0, truncated: 0 };
  const onProgress = (made: TaskProgress): void => {
    progress = made;
  };
  await results.write(head);
  const options = { batchTokens: flags.batchTokens, signal, onProgress };
  for await (const { row, answer } of withAnswers(source.rows, (rows) => answers(model, rows, options))) {
    await results.write(text(answer, row, results.columns));
    display?.update({ texts: progress.inputs, position: row.position });
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts(progress, lengthLimitOf(model));
}

/** How answers are written. */
interface AnswerForm<Answer> {
  /** What stands before them. */
  readonly head: string;
  /** @param columns of the terminal */
  readonly text: (answer: Answer, row: TaskRow, columns: number) => string;
}

/** @throws {Failure} where two columns have one name. */
function answerForm<Answer>(
  { kept, names }: TaskRows,
  { columns, cells, object, page }: Omit<TaskCommand<OpenModel, Answer>, "load" | "answers">,
  form: ResultForm,
): AnswerForm<Answer> {
  if (form === "page") return { head: "", text: page };
  const given = [...kept, ...names];
  const givenCells = (row: TaskRow): Cell[] => [...row.cells, ...row.given];
  if (form === "jsonl") {
    const text = (answer: Answer, row: TaskRow): string => {
      const made = object(answer, row);
      checkNames([...given, ...Object.keys(made)]);
      return `${jsonCell({ ...Object.fromEntries(givenCells(row).map((cell, i) => [given[i], cell])), ...made })}\n`;
    };
    return { head: "", text };
  }
  const table = resultTable(form, [...given, ...columns]);
  const text = (answer: Answer, row: TaskRow): string =>
    cells(answer, row)
      .map((made) => table.row([...givenCells(row), ...made]))
      .join("");
  return { head: table.head, text };
}
