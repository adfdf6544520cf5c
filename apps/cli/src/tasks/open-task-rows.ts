import type { TextOrPair } from "bertkit";
import { usageFailure } from "../failure.js";
import { openRows } from "../input/open-rows.js";
import type { Cell, Row } from "../rows/row.js";
import { textOfCell } from "../similar/text-cell.js";
import type { TaskFlags } from "./task-flags.js";

/** What stands between the two texts of a pair in one line, the last of several, as in Google's extract_features.py. */
const separator = " ||| ";

/** An input of a task. */
export interface TaskRow extends Row {
  /** One text, or the two of a pair. */
  readonly texts: readonly [text: string, pair?: string];
  /** The same as it was given: the cells of `TaskRows.names`. */
  readonly given: readonly string[];
}

/** The inputs of a task. */
export interface TaskRows {
  /** Names of the kept columns. */
  readonly kept: readonly string[];
  /** Names of the columns that the texts come from. */
  readonly names: readonly string[];
  readonly rows: AsyncIterable<TaskRow>;
  /** As of `RowSource`. */
  readonly extent: number | undefined;
  warning(): string | undefined;
}

/**
 * Opens texts and pairs: with `--fields a,b` two columns are a pair, else ` ||| ` in a text divides it.
 * @throws {Failure} as `openRows`, and for flags that contradict each other.
 */
export async function openTaskRows(texts: readonly string[], flags: TaskFlags, signal: AbortSignal): Promise<TaskRows> {
  return flags.fields ? openPairs(texts, flags.fields, flags, signal) : openTexts(texts, flags, signal);
}

/** The texts and pairs of rows, as a model takes them. */
export async function* textsOf(rows: AsyncIterable<TaskRow>): AsyncGenerator<TextOrPair> {
  for await (const { texts } of rows) yield texts.length === 1 ? texts[0] : (texts as readonly [string, string]);
}

async function openTexts(texts: readonly string[], flags: TaskFlags, signal: AbortSignal): Promise<TaskRows> {
  const source = await openRows(texts, flags, signal);
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) yield { ...row, texts: divided(row.text), given: [row.text] };
  }
  const kept = (await source.columns()).map(({ name }) => name);
  return { kept, names: ["text"], rows: rows(), extent: source.extent, warning: () => source.warning() };
}

function divided(text: string): TaskRow["texts"] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

async function openPairs(
  texts: readonly string[],
  fields: readonly string[],
  flags: TaskFlags,
  signal: AbortSignal,
): Promise<TaskRows> {
  const [first, second] = fields;
  if (fields.length !== 2 || first === second) {
    throw usageFailure(`--fields takes two columns, got ${fields.join(",")}`, "name them like this: --fields a,b");
  }
  if (flags.field !== undefined) throw usageFailure("--field and --fields exclude each other", "leave one of them out");
  if (texts.length > 0 && !(texts.length === 1 && texts[0] === "-")) {
    throw usageFailure(
      "--fields is for files with columns",
      "put ||| between the two texts, or name a file with --input",
    );
  }
  const keep = [...fields, ...(flags.keep?.filter((name) => !fields.includes(name)) ?? [])];
  const source = await openRows(texts, { ...flags, keep }, signal, { needsText: false });
  const columns = (await source.columns()).map(({ name }, index) => ({ name, index }));
  const pair = fields.map((field) => columns.find(({ name }) => name === field));
  if (pair.some((column) => column === undefined)) {
    throw usageFailure("--id names one of the two --fields", "leave --id out: both are written anyway");
  }
  const kept = columns.filter((column) => !pair.includes(column));
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) {
      const given = pair.map((column) => textOfCell(row.cells[column!.index], `"${column!.name}"`, row.place));
      const cells = kept.map(({ index }) => row.cells[index] as Cell);
      yield { ...row, cells, texts: given as [string, string], given };
    }
  }
  const names = kept.map(({ name }) => name);
  return { kept: names, names: fields, rows: rows(), extent: source.extent, warning: () => source.warning() };
}
