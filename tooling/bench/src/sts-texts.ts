import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * The sentences of STS-B's dev set, 3,000 short ones as people write them, from `BERTKIT_DATA` or `../shared/data`
 * beside the repository. Throws `Error` where the file is not there.
 */
export function stsTexts(): string[] {
  const path = resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data", "similarity/stsb/dev.tsv");
  let table: string;
  try {
    table = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`no texts at ${path}: BERTKIT_DATA names the folder that has similarity/stsb/dev.tsv`, { cause });
  }
  return sentencesIn(table);
}

/** Both sentences of every row, first and second in turn; the first row has the columns' names. */
export function sentencesIn(table: string): string[] {
  const [head, ...rows] = table.split("\n").map((line) => line.split("\t"));
  const columns = ["sentence1", "sentence2"].map((name) => head!.indexOf(name));
  return rows.flatMap((row) => columns.map((column) => row[column])).filter((text) => text !== undefined);
}
