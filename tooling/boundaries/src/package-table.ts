/** What one row of the package table allows. */
export interface TableRow {
  /** As the table spells it: `tokenizer`, `apps/*`. */
  readonly name: string;
  /** Rows whose packages may be imported, for values and types. */
  readonly values: ReadonlySet<string>;
  /** Rows of whose packages only types may be imported. */
  readonly types: ReadonlySet<string>;
  /** Rows that its tests may import besides. */
  readonly tests: ReadonlySet<string>;
  /** False where the row says "nothing": then no library from npm either. */
  readonly libraries: boolean;
  /** The cell's own words, for messages. */
  readonly says: string;
}

/** The table of `docs/architecture.md`, by row name. */
export type PackageTable = ReadonlyMap<string, TableRow>;

/** A table that cannot be read, or that names a package it has no row for. */
export class PackageTableError extends Error {
  override readonly name = "PackageTableError";
}

/**
 * Reads the two tables of `docs/architecture.md`: the one headed `Package | One sentence | May import`, and
 * `Package | Its tests may also import`.
 *
 * @throws PackageTableError that says which row is not understood.
 */
export function parsePackageTable(markdown: string): PackageTable {
  const rules = tableRows(markdown, /^may import$/i);
  const names = rules.map(([name]) => name);
  const tests = new Map(tableRows(markdown, /^its tests may also import$/i, true));
  for (const name of tests.keys()) {
    if (!names.includes(name))
      throw new PackageTableError(`the table of tests has a row for ${name}, the first has none`);
  }
  return new Map(
    rules.map(([name, says], index) => {
      const { values, types } = parseCell(name, says, names, names.slice(0, index));
      const extra = parseCell(name, tests.get(name) ?? "nothing", names, []);
      return [name, { name, values, types, tests: extra.values, libraries: says !== "nothing", says }];
    }),
  );
}

/** First and last cell of every row under the header whose last cell matches. */
function tableRows(markdown: string, header: RegExp, optional = false): [name: string, says: string][] {
  const lines = markdown.split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith("|") && header.test(cellsOf(line).at(-1) ?? ""));
  if (start < 0) {
    if (optional) return [];
    throw new PackageTableError(`docs/architecture.md has no table whose last column matches ${header}`);
  }
  const rows: [string, string][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith("|")) break;
    const cells = cellsOf(line);
    const name = /^`([^`]+)`$/.exec(cells[0] ?? "")?.[1];
    if (name === undefined) throw new PackageTableError(`a row starts with ${cells[0]}, not with a name in backquotes`);
    if (rows.some(([other]) => other === name)) throw new PackageTableError(`there are two rows for ${name}`);
    rows.push([name, cells.at(-1) as string]);
  }
  return rows;
}

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function parseCell(row: string, says: string, names: readonly string[], above: readonly string[]) {
  const values = new Set<string>();
  const types = new Set<string>();
  const packages = (list: readonly string[]) => list.filter((name) => !name.includes("*"));
  if (says === "everything" || says === "—") return { values: new Set(packages(names)), types };
  if (says === "all of the above") return { values: new Set(packages(above)), types };
  if (["nothing", "nothing of ours"].includes(says)) return { values, types };
  for (const part of says.split(",").map((word) => word.trim())) {
    const [, name, only] = /^`([^`]+)`( \(types\))?$/.exec(part) ?? [];
    if (name === undefined) throw new PackageTableError(`the row of ${row} says ${part}, which is no package's name`);
    if (!names.includes(name)) throw new PackageTableError(`the row of ${row} names ${name}, which has no row`);
    (only === undefined ? values : types).add(name);
  }
  return { values, types };
}
