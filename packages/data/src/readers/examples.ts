import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { DataError, shown } from "../data-error.js";
import { type DataTaskName, dataTasks, type ExampleColumn, type LabelTask, type LabelTaskName } from "../data-tasks.js";
import { type NamedColumn, roleRows } from "../text/columns.js";
import type { JsonObject } from "../text/json-object.js";
import { jsonLines } from "../text/json-values.js";
import type { TextSource } from "../text/lines.js";

/** A text, or a pair of them, with its label. */
export interface Example {
  /** From 1. */
  readonly line: number;
  /** What the file numbers it with, where it does. */
  readonly id: string | undefined;
  readonly text: string;
  /** The second text of tasks about pairs. */
  readonly pair: string | undefined;
  /** As the file spells it; undefined in test files, and where those who labelled did not agree (`-` in SNLI's). */
  readonly label: string | undefined;
  /** Of XNLI's files, which hold many. */
  readonly language: string | undefined;
}

/**
 * Examples of a task from the TSV file that GLUE, SNLI or XNLI publish: training, development or test; with a header,
 * or without as CoLA's. Quotes are text.
 * @throws {DataError} `columns` for a header without the task's columns or a line of another width, `value` for a
 * label that is none of the task's, `empty` for an empty file where there has to be a header.
 */
export async function* readExamples(
  source: TextSource,
  task: LabelTaskName,
  options: BadRecordOptions = {},
): AsyncGenerator<Example> {
  const description = labelTask(task);
  for await (const row of roleRows<ExampleColumn>(source, {
    header: description.columns,
    headless: description.headless,
  })) {
    const example = readOrReport(() => exampleOf(row.cells(), description, row.line), options);
    if (example) yield example;
  }
}

/**
 * Examples of a task from JSON lines, as SNLI, MNLI and XNLI publish them; fields are named as the columns are.
 * @throws {DataError} `json` or `shape` for a line that is no such object, `value` for a label that is none of the
 * task's.
 */
export async function* readExamplesJson(
  source: TextSource,
  task: LabelTaskName,
  options: BadRecordOptions = {},
): AsyncGenerator<Example> {
  const description = labelTask(task);
  for await (const parse of jsonLines(source)) {
    const example = readOrReport(() => {
      const object = parse();
      return exampleOf(fieldsOf(object, description), description, object.place.line as number);
    }, options);
    if (example) yield example;
  }
}

function labelTask(task: DataTaskName): LabelTask {
  const description = Object.hasOwn(dataTasks, task) ? dataTasks[task] : undefined;
  if (description?.kind === "label") return description;
  const names = Object.keys(dataTasks).filter((name) => dataTasks[name as DataTaskName].kind === "label");
  throw new DataError("argument", `wanted a task with labels (${names.join(", ")}), came ${shown(task)}`);
}

type Cells = Readonly<Partial<Record<ExampleColumn, string>>>;

function exampleOf(cells: Cells, task: LabelTask, line: number): Example {
  const { id, text = "", pair, language } = cells;
  return { line, id, text, pair, label: labelOf(cells.label, task, line), language };
}

function labelOf(cell: string | undefined, task: LabelTask, line: number): string | undefined {
  if (cell === undefined || cell === task.noLabel) return undefined;
  const label = task.labelAliases && Object.hasOwn(task.labelAliases, cell) ? task.labelAliases[cell] : cell;
  if (label !== undefined && task.labels.includes(label)) return label;
  throw new DataError("value", `wanted a label of ${task.title} (${task.labels.join(", ")}), came ${shown(cell)}`, {
    line,
  });
}

function fieldsOf(object: JsonObject, { columns }: LabelTask): Cells {
  const cells: Partial<Record<ExampleColumn, string>> = {};
  for (const [column, { names, optional }] of Object.entries(columns) as [ExampleColumn, NamedColumn][]) {
    const name = names.find((name) => object.value(name) !== undefined);
    if (name !== undefined) cells[column] = textOf(object, name);
    else if (!optional) throw object.wrong(names.join(" or "), "a string", undefined);
  }
  return cells;
}

/** Ids and labels may be numbers. */
function textOf(object: JsonObject, field: string): string {
  const value = object.value(field);
  return typeof value === "number" ? String(value) : object.string(field);
}
