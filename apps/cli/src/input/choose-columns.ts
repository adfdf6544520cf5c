import { nearest } from "../did-you-mean.js";
import { Failure, usageFailure } from "../failure.js";
import type { Column, ColumnType } from "../rows/row.js";
import type { Choice, Header } from "./table.js";

/** What a command line says about columns. */
export interface ColumnFlags {
  /** The column of the texts, where it isn't the only one, or called text or sentence. */
  readonly field?: string | undefined;
  /** Columns to hand on; `*` is all others. */
  readonly keep?: readonly string[] | undefined;
  /** The column that comes first under the name `id`; `#` numbers the rows. */
  readonly id?: string | undefined;
  readonly needsText: boolean;
}

/** What was chosen in the first file: the others must have it too, in any order. */
export interface ChosenColumns {
  readonly choice: Choice;
  /** The kept columns as they are handed on: under their new names, the number of the row included. */
  readonly columns: readonly Column[];
  /** The file that they were chosen in. */
  readonly place: string;
}

/** The value of `--id` that stands for the number of the row, and that of `--keep` for all columns. */
export const rowNumber = "#";
const allColumns = "*";

/** What the column of {@link ColumnFlags.id} is called. */
const idName = "id";

/**
 * Finds in a header what the command line asks for.
 * @throws {Failure} for names that the header lacks or has twice, and for two columns of one name in the output.
 */
export function chooseColumns(header: Header, flags: ColumnFlags): ChosenColumns {
  const { keep = [], id } = flags;
  const text = flags.needsText ? textColumnOf(header, flags.field) : undefined;
  const idColumn = id === undefined || id === rowNumber ? undefined : columnNamed(header, id, "--id");
  const kept = keptColumns(header, keep, [text, idColumn?.name]);
  const isRenamed = idColumn !== undefined && idColumn.name !== idName;
  if (id !== undefined && kept.some(({ name }) => name === idName) && (isRenamed || id === rowNumber)) {
    const hint = `use it with --id ${idName}, or name the columns to keep without it`;
    throw usageFailure(`--id and the kept ${header.word} "${idName}" would both be called ${idName}`, hint);
  }
  const others = kept.filter((column) => column !== idColumn || isRenamed);
  const numbered: readonly Column[] = id === rowNumber ? [{ name: idName, type: "integer" }] : [];
  const named: readonly Column[] = idColumn ? [{ ...idColumn, name: idName }] : [];
  return {
    choice: {
      text,
      kept: [...(idColumn ? [idColumn] : []), ...others].map(({ name }) => name),
      all: keep.includes(allColumns),
    },
    columns: [...numbered, ...named, ...others],
    place: header.place,
  };
}

/**
 * What was chosen in an earlier file, for the next one; a column's type is one that both agree with.
 * @throws {Failure} where that lacks a column.
 */
export function chooseAgain(header: Header, chosen: ChosenColumns, flags: ColumnFlags): ChosenColumns {
  const text = chosen.choice.text === undefined ? undefined : textColumnOf(header, flags.field);
  const choice: Choice = { ...chosen.choice, text };
  // Of JSON lines each object is on its own: a field may be missing in any.
  if (header.word === "field") return { ...chosen, choice };
  const found = choice.kept.map((name): Column => {
    const column = header.columns.find((column) => column.name === name);
    if (column !== undefined && countOf(header, name) === 1) return column;
    const problem = column === undefined ? `no column named "${name}"` : `two columns named "${name}"`;
    throw new Failure(`${header.place}: ${problem}, which is kept of ${chosen.place}`, {
      hint: columnsHint(header, name),
    });
  });
  const numbers = chosen.columns.length - found.length; // of the row, which is in no file
  const columns = chosen.columns.map((column, i) => {
    const type = found[i - numbers]?.type ?? column.type;
    return { ...column, type: commonType(column.type, type) };
  });
  return { ...chosen, choice, columns };
}

/** What `chooseColumns` would find if the files were not empty, as far as the command line says. */
export function columnsOfNothing({ keep = [], id }: ColumnFlags): readonly Column[] {
  const kept = keep.filter((name) => name !== allColumns && name !== id);
  const names = id === undefined ? kept : [idName, ...kept];
  return names.map((name): Column => ({ name, type: id === rowNumber && name === idName ? "integer" : "string" }));
}

function commonType(one: ColumnType, other: ColumnType): ColumnType {
  if (one === other) return one;
  const areNumbers = [one, other].every((type) => type === "integer" || type === "number");
  return areNumbers ? "number" : "json";
}

function textColumnOf(header: Header, field: string | undefined): string {
  const { place, word, columns } = header;
  if (word === "field") return columnNamed(header, field ?? "text", "--field").name;
  const usual = columns.length === 1 ? columns : columns.filter(({ name }) => /^(text|sentence)$/i.test(name.trim()));
  const [only, ...others] = usual;
  const column = field === undefined && others.length === 0 ? only : undefined;
  if (field === undefined && column === undefined) {
    const likely = columns.find(({ name }) => /text|sentence/i.test(name)) ?? columns[0];
    throw new Failure(`${place}: which column has the texts? There are ${listOf(header)}`, {
      hint: `choose one with --field, such as --field ${shellWord(likely?.name ?? "NAME")}`,
    });
  }
  const { name, type } = column ?? columnNamed(header, field as string, "--field");
  if (type === "string") return name;
  throw new Failure(`${place}: the column "${name}" is ${type}, wanted texts`, { hint: columnsHint(header, "") });
}

function keptColumns(header: Header, keep: readonly string[], taken: readonly (string | undefined)[]): Column[] {
  const twice = keep.find((name, i) => keep.indexOf(name) !== i);
  if (twice !== undefined) throw usageFailure(`--keep names "${twice}" twice`, "name it once");
  return keep.flatMap((wanted) => {
    if (wanted !== allColumns) return [columnNamed(header, wanted, "--keep")];
    const others = header.columns.filter(({ name }) => !taken.includes(name) && !keep.includes(name));
    return others.map(({ name }) => columnNamed(header, name, "--keep"));
  });
}

function columnNamed(header: Header, name: string, flag: string): Column {
  const count = countOf(header, name);
  const column = header.columns.find((column) => column.name === name);
  if (column !== undefined && count === 1) return column;
  const { place, word } = header;
  const problem = count === 0 ? `no ${word} named ${JSON.stringify(name)}` : `${count} ${word}s named "${name}"`;
  const there = header.columns.length > 0 ? `there are ${listOf(header)}` : "there are none";
  const hint = count === 0 ? columnsHint(header, name, flag) : `give each ${word} a name of its own in the first row`;
  throw new Failure(`${place}: ${problem}; ${there}`, { hint });
}

const countOf = ({ columns }: Header, wanted: string): number => columns.filter(({ name }) => name === wanted).length;

function columnsHint({ columns, word }: Header, name: string, flag = "--field"): string {
  const names = columns.map(({ name }) => name);
  const [near] = nearest(name, names);
  if (near !== undefined) return `did you mean ${flag} ${shellWord(near)}?`;
  if (word === "field") return "fields are those of the first object; choose one with --field, or add it there as null";
  return `choose one of its columns with ${flag}, or --format if they are not its columns`;
}

function listOf({ columns }: Header): string {
  const shown = columns.slice(0, 20).map(({ name }) => JSON.stringify(name));
  return columns.length > 20 ? `${shown.join(", ")} and ${columns.length - 20} more` : shown.join(", ");
}

/** As a shell reads it back. */
function shellWord(name: string): string {
  return /^[\w.,:/@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
