import { type NameTable, nameTable, ownNames } from "@bertkit/layers";
import { googleRows } from "./google.js";
import { huggingFaceRows, oldHuggingFaceRows } from "./hugging-face.js";

/** Every spelling of an encoder's parameters that checkpoints are known to use. */
const spellings: readonly NameTable[] = [
  ...["", "bert.", "module.", "module.bert."].flatMap((prefix) => [
    nameTable(huggingFaceRows, prefix),
    nameTable(oldHuggingFaceRows, prefix),
  ]),
  nameTable(googleRows),
  ownNames,
];

/**
 * The spelling under which most of `paths` are found among a file's names; Hugging Face's plain one where none is.
 * Throws `UnsupportedError` for a path that is no BERT's.
 */
export function findNames(paths: readonly string[], names: { has(name: string): boolean }): NameTable {
  let best = spellings[0]!;
  let most = 0;
  for (const table of spellings) {
    const found = paths.filter((path) => names.has(table(path).name)).length;
    if (found > most) [best, most] = [table, found];
  }
  return best;
}
