import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import { nearest } from "../did-you-mean.js";
import { codeOf, Failure, systemFailure, usageFailure } from "../failure.js";
import { type FileFormat, formatOfFile, hasKnownFormat, type TextFormat } from "./text-formats.js";

/** A file to be read, or standard input. */
export interface Input extends FileFormat {
  readonly name: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  /** In bytes; undefined where nobody knows: for standard input, and named pipes. */
  readonly size: number | undefined;
}

/** Standard input, in a format that nothing but a flag can say. */
export function standardInput(format: TextFormat = "lines"): Input {
  if (format === "parquet") {
    const hint = "write it to a file, and name that with --input FILE";
    throw usageFailure("standard input cannot be Parquet, which is read from its end", hint);
  }
  return { name: "standard input", path: undefined, size: undefined, format, compression: undefined };
}

/**
 * The files that names and patterns stand for, in the order of the names, those of a pattern sorted. `-` is standard
 * input.
 * @throws {Failure} for what is not there, is a folder, may not be read, or has no known format.
 */
export async function findInputs(named: readonly string[], format: TextFormat | undefined): Promise<readonly Input[]> {
  if (named.filter((name) => name === "-").length > 1) {
    throw usageFailure("standard input can be read only once", "give --input - once");
  }
  const inputs: Input[] = [];
  for (const name of named) {
    if (name === "-") inputs.push(standardInput(format));
    else for (const path of await pathsOf(name)) inputs.push(await inputOf(path, format));
  }
  return inputs;
}

async function pathsOf(name: string): Promise<readonly string[]> {
  const error = await absenceOf(name);
  if (error === undefined) return [name];
  const { glob, isDynamicPattern } = await import("tinyglobby");
  if (!isDynamicPattern(name)) throw await missing(name, error);
  const paths = await glob(name, { expandDirectories: false, absolute: isAbsolute(name) });
  if (paths.length === 0) throw await unmatched(name);
  return paths.sort();
}

/** The error that says that there is nothing of that name. */
async function absenceOf(path: string): Promise<unknown> {
  try {
    await stat(path);
    return undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return error;
    throw systemFailure(path, error);
  }
}

async function inputOf(path: string, format: TextFormat | undefined): Promise<Input> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw await folder(path);
    await access(path, constants.R_OK);
    const size = status.isFile() ? status.size : undefined;
    const found = formatOfFile(path, format);
    if (found.format === "parquet" && size === undefined) {
      const problem = "Parquet is read from its end, which a pipe or a device does not have";
      throw usageFailure(`${path}: ${problem}`, "write it to a file first");
    }
    return { name: path, path, size, ...found };
  } catch (error) {
    throw error instanceof Failure ? error : systemFailure(path, error);
  }
}

async function missing(path: string, error: unknown): Promise<Failure> {
  const parent = dirname(path);
  const [near] = nearest(basename(path), await namesIn(parent));
  const { message, hint } = systemFailure(path, error);
  return new Failure(message, {
    cause: error,
    hint: near === undefined ? hint : `did you mean ${join(parent, near)}?`,
  });
}

async function unmatched(pattern: string): Promise<Failure> {
  const parts = pattern.split("/");
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?[\]{}()!]/.test(part)),
  );
  const parent = fixed.join("/") || (pattern.startsWith("/") ? "/" : ".");
  const names = await namesIn(parent);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  const hint = names.length === 0 ? `there is nothing in ${parent}` : `in ${parent} there are ${shown}`;
  return new Failure(`${pattern}: no file matches this pattern`, { hint });
}

async function folder(path: string): Promise<Failure> {
  const example = (await namesIn(path)).find(hasKnownFormat) ?? "";
  const pattern = join(path, `*${extname(example)}`);
  return new Failure(`${path}: this is a folder, wanted a file`, { hint: `for its files: --input '${pattern}'` });
}

/** What is in a folder, hidden names left out; nothing where it cannot be read. */
async function namesIn(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => !name.startsWith(".")).sort();
}
