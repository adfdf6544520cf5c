import type { LoadModelOptions, TaskOptions, TaskProgress } from "bertkit";
import { jsonCell } from "../output/forms/json-cell.js";
import type { Cell, CellObject } from "../rows/row.js";
import { openResults } from "../similar/open-results.js";
import { resultFormOf, resultTable } from "../similar/result-forms.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { type OpenModel, openTaskModel } from "./open-task-model.js";
import type { TaskRow, TaskRows } from "./open-task-rows.js";
import type { TaskFlags } from "./task-flags.js";

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
  { load, answers, columns, ...shown }: TaskCommand<Model, Answer>,
  flags: TaskFlags,
  signal: AbortSignal,
): Promise<void> {
  const form = resultFormOf(flags, "jsonl");
  const isTable = form !== "page" && form !== "jsonl";
  const table = isTable ? resultTable(form, [...source.kept, ...source.names, ...columns]) : undefined;
  await using results = await openResults(flags, signal);
  using model = await openTaskModel(flags, signal, load);
  using display = form === "page" ? undefined : await progressDisplay(source.extent, flags);
  let progress: TaskProgress = { inputs: 0, tokens: 0, truncated: 0 };
  const onProgress = (made: TaskProgress): void => {
    progress = made;
  };
  const waiting: TaskRow[] = []; // handed to the model, their answers still to come
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) {
      waiting.push(row);
      yield row;
    }
  }
  const textOf = (answer: Answer, row: TaskRow): string => {
    const before = [...row.cells, ...row.given];
    if (form === "page") return shown.page(answer, row, results.columns);
    if (table)
      return shown
        .cells(answer, row)
        .map((cells) => table.row([...before, ...cells]))
        .join("");
    const given = before.map((cell, i): [string, Cell] => [[...source.kept, ...source.names][i] as string, cell]);
    return `${jsonCell({ ...Object.fromEntries(given), ...shown.object(answer, row) })}\n`;
  };
  if (table) await results.write(table.head);
  const { batchTokens } = flags;
  for await (const answer of answers(model, rows(), { batchTokens, signal, onProgress })) {
    const row = waiting.shift() as TaskRow;
    await results.write(textOf(answer, row));
    display?.update({ texts: progress.inputs, position: row.position });
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts(progress, model.maxLength);
}

function warnOfCuts({ inputs, truncated }: TaskProgress, maxLength: number): void {
  if (truncated === 0) return;
  const cut = `${truncated} of ${inputs} inputs were cut to ${maxLength} tokens`;
  warn(`${cut}; --max-length sets another limit, up to the model's positions (bertkit info)`);
}
