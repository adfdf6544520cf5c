import { DataError, shown } from "../data-error.js";
import { linesOf, type TextSource } from "./lines.js";

/** Which column of a table plays a role: by one of these names in the header. */
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

/** The cells of a line by their roles, undefined where the table has no such column. */
export interface RoleRow<Role extends string> {
  readonly line: number;
  /** @throws {DataError} `columns` where the line does not have the table's width. */
  cells(): Readonly<Partial<Record<Role, string>>>;
}

/**
 * The lines of a table whose cells stand between tabs, where quotes are text as in GLUE's files. Empty lines are passed over.
 * @throws {DataError} `empty` where there is no line but there has to be a header, `columns` where the header lacks a column.
 */
export async function* roleRows<Role extends string>(
  source: TextSource,
  layout: ColumnLayout<Role>,
): AsyncGenerator<RoleRow<Role>> {
  let found: FoundColumns<Role> | undefined;
  for await (const { text, number } of linesOf(source)) {
    if (text === "") continue;
    const cells = text.split("\t");
    if (found === undefined) {
      const named = layout.header && columnsNamed(cells, layout.header);
      found = named ?? (layout.headless && columnsCounted(cells, layout.headless, number));
      if (found === undefined) throw noHeader(cells, layout.header, number);
      if (named) continue;
    }
    const columns = found;
    yield { line: number, cells: () => cellsOf(cells, columns, number) };
  }
  if (found === undefined && !layout.headless) {
    throw new DataError("empty", `wanted a header line with ${namesOf(layout.header)}, came an empty file`);
  }
}

/** Columns of a table that has begun. */
interface FoundColumns<Role extends string> extends HeadlessColumns<Role> {
  readonly width: number;
}

function columnsNamed<Role extends string>(
  cells: readonly string[],
  header: NonNullable<ColumnLayout<Role>["header"]>,
): FoundColumns<Role> | undefined {
  const indices: Partial<Record<Role, number>> = {};
  for (const [role, { names, optional }] of Object.entries(header) as [Role, NamedColumn][]) {
    const name = names.find((name) => cells.includes(name));
    if (name !== undefined) indices[role] = cells.indexOf(name);
    else if (!optional) return undefined;
  }
  return { indices, width: cells.length };
}

function columnsCounted<Role extends string>(
  cells: readonly string[],
  headless: HeadlessColumns<Role>,
  line: number,
): FoundColumns<Role> {
  const { width = cells.length } = headless;
  for (const [role, index] of Object.entries(headless.indices) as [Role, number][]) {
    if (index < width) continue;
    const problem = `wanted the ${role} in column ${index + 1}, came ${width} columns: ${shown(cells.join("\t"))}`;
    throw new DataError("columns", problem, { line });
  }
  return { ...headless, width };
}

function noHeader(cells: readonly string[], header: ColumnLayout<string>["header"], line: number): DataError {
  const came = shown(cells.join("\t"));
  return new DataError("columns", `wanted a header line with ${namesOf(header)}, came ${came}`, { line });
}

function namesOf(header: ColumnLayout<string>["header"]): string {
  const wanted = (Object.values(header ?? {}) as NamedColumn[]).filter(({ optional }) => !optional);
  return `the columns ${wanted.map(({ names }) => names.map((name) => `"${name}"`).join(" or ")).join(", ")}`;
}

function cellsOf<Role extends string>(
  cells: readonly string[],
  { indices, width, open }: FoundColumns<Role>,
  line: number,
): Partial<Record<Role, string>> {
  if (cells.length < width || (cells.length > width && !open)) {
    const wanted = `wanted ${width}${open ? " or more" : ""} columns between tabs`;
    throw new DataError("columns", `${wanted}, came ${cells.length}: ${shown(cells.join("\t"))}`, { line });
  }
  const byRole: Partial<Record<Role, string>> = {};
  for (const [role, index] of Object.entries(indices) as [Role, number][]) byRole[role] = cells[index] as string;
  return byRole;
}
