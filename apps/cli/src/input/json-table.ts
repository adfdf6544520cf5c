import { Failure } from "../failure.js";
import type { Cell, CellObject, Column, ColumnType } from "../rows/row.js";
import type { InputWarnings } from "./input-warnings.js";
import { parseJson } from "./parse-json.js";
import type { Line } from "./read-lines.js";
import { type Blocks, type Choice, type Table, type TableRow, takeFirst } from "./table.js";

/** A file with a JSON object in each line; blank lines are skipped. Its columns are the fields of the first object. */
export async function jsonTable(lines: Blocks<Line>, name: string, warnings: InputWarnings): Promise<Table> {
  const all = recordsOf(lines, name);
  const { first, rest } = await takeFirst(all);
  const columns = Object.entries(first?.fields ?? {}).map(([name, cell]): Column => ({ name, type: typeOf(cell) }));
  return {
    header: first && { place: first.place, word: "field", columns },
    async *rows(choice) {
      const known = new Set(columns.map(({ name }) => name));
      const newField = choice.all ? (place: string, field: string) => warnings.newField(place, field) : undefined;
      if (first) yield rowsOf([first], { choice, known, newField });
      for await (const block of rest) yield rowsOf(block, { choice, known, newField });
    },
    close: async () => {
      await all.return(undefined);
    },
  };
}

interface JsonRecord {
  readonly fields: CellObject;
  readonly position: number;
  readonly place: string;
}

async function* recordsOf(lines: Blocks<Line>, name: string): Blocks<JsonRecord> {
  for await (const block of lines) yield objectsIn(block, name);
}

function* objectsIn(lines: Iterable<Line>, name: string): Generator<JsonRecord> {
  for (const { text, number, position } of lines) {
    const place = `${name}:${number}`;
    if (text.trim() !== "") yield { fields: objectIn(text, place), position, place };
  }
}

function objectIn(source: string, place: string): CellObject {
  const value = parsed(source, place);
  if (isObject(value)) return value;
  throw new Failure(`${place}: wanted a JSON object, this is ${kindOf(value)}`, {
    hint: 'JSON lines have an object in each line, such as {"text": "…"}; --format reads the file as something else',
  });
}

function parsed(source: string, place: string): Cell {
  try {
    return parseJson(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /^\s*[[{]\s*$/.test(source)
      ? "this looks like JSON over several lines; jq -c writes an object a line: jq -c '.[]' FILE"
      : "JSON lines have a whole object in each line; --format reads the file as something else";
    throw new Failure(`${place}: this line is not JSON: ${reason}`, { cause: error, hint });
  }
}

interface Reading {
  readonly choice: Choice;
  readonly known: ReadonlySet<string>;
  readonly newField: ((place: string, field: string) => void) | undefined;
}

function* rowsOf(block: Iterable<JsonRecord>, { choice, known, newField }: Reading): Generator<TableRow> {
  for (const { fields, position, place } of block) {
    const cells = choice.kept.map((field) => cellOf(fields, field) ?? null);
    if (newField) for (const field of Object.keys(fields)) if (!known.has(field)) newField(place, field);
    yield { text: choice.text === undefined ? "" : textOf(fields, choice.text, place), cells, position, place };
  }
}

function textOf(fields: CellObject, field: string, place: string): string {
  const cell = cellOf(fields, field);
  if (typeof cell === "string") return cell;
  if (cell !== undefined) {
    const hint = "texts are strings; choose another field with --field, or leave such lines out";
    throw new Failure(`${place}: "${field}" is ${kindOf(cell)}, wanted a string`, { hint });
  }
  const names = Object.keys(fields);
  const there = names.length > 0 ? `it has ${names.join(", ")}` : "it is empty";
  throw new Failure(`${place}: no field "${field}" in this object (${there})`, { hint: "choose one with --field" });
}

function cellOf(fields: CellObject, field: string): Cell | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** A number may have a fraction in a later line, though the first has none; one beyond 2^53 is an identifier. */
function typeOf(cell: Cell): ColumnType {
  const kind = typeof cell;
  if (kind === "bigint") return "integer";
  return kind === "string" || kind === "number" || kind === "boolean" ? kind : "json";
}

function isObject(value: Cell): value is CellObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function kindOf(value: Cell): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value === "bigint" ? "number" : typeof value}`;
}
