import { type NameRow, type NameTable, nameTable } from "@bertkit/layers";

// What training on several devices puts before every name (torch, `DataParallel`).
const parallel = "module.";

/**
 * An encoder's names as files have them: alone, within a model with a head (`bert.`), and both with `module.` before.
 * @param table the names with something before each
 * @param model what stands before those of an encoder that has a head
 */
export function encoderSpellings(
  table: (prefix: string) => NameTable,
  model: string,
): readonly [NameTable, ...NameTable[]] {
  return [table(""), table(model), table(parallel), table(parallel + model)];
}

/** A head's names as files have them: as the rows say, and with `module.` before. */
export function headSpellings(rows: readonly NameRow[]): readonly [NameTable, NameTable] {
  return [nameTable(rows), nameTable(rows, parallel)];
}
