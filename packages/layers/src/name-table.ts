import { UnsupportedError } from "@bertkit/tensor";

/**
 * [ours, theirs, how the array differs]: a parameter's path, or the path of the part it belongs to, in both spellings.
 * `#` stands for the first number in the path, such as a layer's; once in each. "transposed": the file has
 * [inputs, outputs] where we have the reverse.
 */
export type NameRow = readonly [ours: string, theirs: string, transform?: "transposed"];

/** Where a parameter is found in a file. */
export interface NameInFile {
  readonly name: string;
  readonly transposed: boolean;
}

/** From a parameter's path in a module to its name in one family of files. */
export type NameTable = (path: string) => NameInFile;

/** The spelling of files that this project writes itself: the paths as they are. */
export const ownNames: NameTable = (path) => ({ name: path, transposed: false });

/**
 * A table from rows. A row for the whole path goes before a row for the part it belongs to.
 * @param prefix stands before every name in the file, such as `bert.`
 * @returns a function that throws `UnsupportedError` for a path no row covers
 */
export function nameTable(rows: readonly NameRow[], prefix = ""): NameTable {
  const byPath = new Map(rows.map((row) => [row[0], row]));
  return (path) => {
    const number = numberIn.exec(path)?.[0] ?? "";
    const pattern = path.replace(numberIn, "#");
    // A path without a dot belongs to no part: its ending is all of it.
    const ending = /\.[^.]*$/.exec(pattern)?.[0] ?? pattern;
    const whole = byPath.get(pattern);
    const row = whole ?? byPath.get(pattern.slice(0, -ending.length));
    if (!row) throw new UnsupportedError(`this kind of file has no name for ${path}`);
    const name = whole ? row[1] : row[1] + ending;
    return { name: prefix + name.replace("#", number), transposed: row[2] === "transposed" };
  };
}

/** The first field of a path that is a number. */
const numberIn = /(?<![^.])\d+(?![^.])/;
