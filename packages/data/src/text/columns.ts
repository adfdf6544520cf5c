import { DataError, shown } from "../data-error.js";
import { cellsOf } from "./cells.js";
import { type Line, linesOf, type TextSource } from "./lines.js";

/** Which column of a table plays a role: the first of these names that the header has. */
export interface NamedColumn {
  readonly names: readonly string[];
  /** Whether the role may have no column, as labels have none in test files. */
  readonly optional?: true;
}

/** Where the columns are in a table without a header. */
export interface HeadlessColumns<Role extends string> {
  /** From 0. */
  readonly indices: Readonly<Partial<Record<Role, number>>>;
  /** How many columns a line has; without it as many as the first. */
  readonly width?: number;
  /** Whether lines may have more columns than `width`. */
  readonly open?: true;
}

/** How a table says where its columns are. */
export interface ColumnLayout<Role extends string> {
  /** Undefined where the table has no header. */
  readonly header?: Readonly<Partial<Record<Role, NamedColumn>>> | undefined;
  /** With `header` too: for tables whose first line turns out to be none. */
  readonly headless?: HeadlessColumns<Role> | undefined;
}

/** A line of a table. */
export interface RoleRow<Role extends string> {
  readonly line: number;
  /**
   * Its cells by their roles, undefined where the table has no such column.
   * @throws {DataError} `columns` where the line does not have the table's width.
   */
  cells(): Readonly<Partial<Record<Role, string>>>;
}

/**
 * The lines of a table whose cells stand between tabs; quotes are text, as in GLUE's files. Empty lines are passed
 * over.
 * @throws {DataError} `empty` where there is no line but there has to be a header, `columns` where the first line is
 * not one that the layout allows.
 */
export async function* roleRows<Role extends string>(
  source: TextSource,
  layout: ColumnLayout<Role>,
): AsyncGenerator<RoleRow<Role>> {
  let found: FoundColumns<Role> | undefined;
  for await (const line of linesOf(source)) {
    if (line.text === "") continue;
    if (found === undefined) {
      const named = columnsNamed(line, layout);
      found = named ?? columnsCounted(line, layout);
      if (named) continue;
    }
    const columns = found;
    yield { line: line.number, cells: () => cellsByRole(line, columns) };
  }
  if (found === undefined && !layout.headless) {
    throw new DataError("empty", `wanted a header line with ${namesOf(layout)}, came an empty file`);
  }
}

/** Columns of a table that has begun. */
interface FoundColumns<Role extends string> extends HeadlessColumns<Role> {
  readonly width: number;
}

/** Undefined where the line is no header of the layout's. */
function columnsNamed<Role extends string>(
  { text, number }: Line,
  { header }: ColumnLayout<Role>,
): FoundColumns<Role> | undefined {
  if (header === undefined) return undefined;
  const cells = cellsOf(text, "\t", { line: number });
  const indices: Partial<Record<Role, number>> = {};
  for (const [role, { names, optional }] of Object.entries(header) as [Role, NamedColumn][]) {
    const name = names.find((name) => cells.includes(name));
    if (name !== undefined) indices[role] = cells.indexOf(name);
    else if (!optional) return undefined;
  }
  return { indices, width: cells.length };
}

function columnsCounted<Role extends string>({ text, number }: Line, layout: ColumnLayout<Role>): FoundColumns<Role> {
  const place = { line: number };
  const { headless } = layout;
  if (!headless) {
    throw new DataError("columns", `wanted a header line with ${namesOf(layout)}, came ${shown(text)}`, place);
  }
  const { width = cellsOf(text, "\t", place).length } = headless;
  for (const [role, index] of Object.entries(headless.indices) as [Role, number][]) {
    if (index < width) continue;
    throw new DataError("columns", `wanted the ${role} in column ${index + 1}, came ${width}: ${shown(text)}`, place);
  }
  return { ...headless, width };
}

function namesOf({ header = {} }: ColumnLayout<string>): string {
  const wanted = (Object.values(header) as NamedColumn[]).filter(({ optional }) => !optional);
  const spelled = wanted.map(({ names }) => names.map((name) => `"${name}"`).join(" or "));
  return `${wanted.length === 1 ? "the column" : "the columns"} ${spelled.join(", ")}`;
}

function cellsByRole<Role extends string>(
  { text, number }: Line,
  { indices, width, open }: FoundColumns<Role>,
): Partial<Record<Role, string>> {
  const place = { line: number };
  const cells = cellsOf(text, "\t", place);
  if (cells.length < width || (cells.length > width && !open)) {
    const wanted = `wanted ${width}${open ? " or more" : ""} columns between tabs`;
    throw new DataError("columns", `${wanted}, came ${cells.length}: ${shown(text)}`, place);
  }
  const byRole: Partial<Record<Role, string>> = {};
  for (const [role, index] of Object.entries(indices) as [Role, number][]) byRole[role] = cells[index] as string;
  return byRole;
}
