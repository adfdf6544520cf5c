import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { TextsSize } from "./tokenizer-result.js";
import type { TokenizerName } from "./write-tokenizers.js";

/** Texts of one kind, and the tokenizer that a person would take for them. */
export interface TextSet {
  readonly title: string;
  /** A folder of BERTKIT_DATA with text files. */
  readonly folder: string;
  readonly tokenizer: TokenizerName;
}

export const textSets: readonly TextSet[] = [
  { title: "English", folder: "corpora/en", tokenizer: "uncased" },
  { title: "Chinese", folder: "corpora/zh", tokenizer: "chinese" },
  { title: "mix of scripts", folder: "text-samples/udhr", tokenizer: "multilingual" },
];

const setBytes = 5_000_000;
const repository = fileURLToPath(new URL("../../../..", import.meta.url));

/** The full path of a file or folder of BERTKIT_DATA, else of `../shared/data` beside the repository. */
export const dataPath = (name: string): string =>
  resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data", name);

/** 5 MB of lines of a set, of all its files in turn. Throws `Error` where the folder is not there, or has too little. */
export function linesOfSet({ folder }: TextSet): string[] {
  const path = dataPath(folder);
  let files: string[];
  try {
    const names = readdirSync(path).filter((name) => name.endsWith(".txt"));
    files = names.sort().map((name) => readFileSync(join(path, name), "utf8"));
  } catch (cause) {
    throw new Error(`no texts at ${path}: BERTKIT_DATA names the folder that has ${folder}`, { cause });
  }
  const lines = linesInTurn(files, setBytes);
  if (sizeOf(lines).bytes < setBytes) throw new Error(`${path}: wanted ${setBytes} bytes of text, found fewer`);
  return lines;
}

/** The first line of every file, then the second of those that have one, and so on until there are so many bytes. */
export function linesInTurn(files: readonly string[], bytes: number): string[] {
  const waiting = files.map((file) => file.split(/\r?\n/).filter((line) => line.trim() !== ""));
  const lines: string[] = [];
  for (let row = 0, taken = 0; waiting.some(({ length }) => length > row); row++) {
    for (const line of waiting.flatMap((file) => file[row] ?? [])) {
      if (taken >= bytes) return lines;
      taken += Buffer.byteLength(line);
      lines.push(line);
    }
  }
  return lines;
}

export const sizeOf = (lines: readonly string[]): Omit<TextsSize, "title"> => ({
  lines: lines.length,
  bytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0),
});
