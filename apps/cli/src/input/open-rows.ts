import { usageFailure } from "../failure.js";
import type { Column, Row, RowSource } from "../rows/row.js";
import { rowNumber } from "./choose-columns.js";
import { findInputs, standardInput } from "./find-inputs.js";
import { openInputs } from "./input-rows.js";
import type { TextFormat } from "./text-formats.js";

/** The flags that say where rows come from, and what of them. */
export interface InputFlags {
  /** Files and patterns of files; `-` is standard input. */
  readonly input?: readonly string[];
  readonly format?: TextFormat;
  readonly field?: string;
  readonly keep?: readonly string[];
  readonly id?: string;
  readonly quotes: boolean;
}

/**
 * Opens the rows that a command line names: its own arguments, files, or standard input. What can be known of files
 * without reading them through, their columns included, is checked now.
 * @throws {Failure} for flags that contradict each other, and for what is not there, cannot be read, or lacks a column.
 */
export async function openRows(
  texts: readonly string[],
  flags: InputFlags,
  signal: AbortSignal,
  { needsText = true }: { readonly needsText?: boolean } = {},
): Promise<RowSource> {
  const fromInput = texts.length === 1 && texts[0] === "-";
  const named = [flags.input ?? []].flat();
  if (texts.length > 0 && named.length > 0) {
    throw usageFailure("texts come from the command line or from --input, not from both", "leave one of them out");
  }
  if (texts.length > 0 && !fromInput) return givenTexts(texts, flags);
  if (!fromInput && named.length === 0 && process.stdin.isTTY) {
    throw usageFailure("no texts", "give them as arguments, name a file with --input FILE, or - to type them");
  }
  const inputs = named.length > 0 ? await findInputs(named, flags.format) : [standardInput(flags.format)];
  for (const { name, format } of inputs) checkFlags(name, format, flags);
  const { field, keep, id, quotes } = flags;
  return openInputs(inputs, { columns: { field, keep, id, needsText }, quotes, signal });
}

function givenTexts(texts: readonly string[], { format, field, keep, id, quotes }: InputFlags): RowSource {
  if (texts.includes("-")) throw usageFailure("- is standard input and stands alone", "leave the other texts out");
  if (format !== undefined || field !== undefined || !quotes) {
    const hint = "leave them out, or name a file with --input FILE";
    throw usageFailure("--format, --field and --no-quotes are not for texts given as arguments", hint);
  }
  if (keep !== undefined || (id !== undefined && id !== rowNumber)) {
    throw usageFailure(
      "texts given as arguments have no columns to keep",
      "leave --keep and --id out, or say --id '#'",
    );
  }
  const columns: readonly Column[] = id === rowNumber ? [{ name: "id", type: "integer" }] : [];
  async function* rows(): AsyncGenerator<Row> {
    for (const [index, text] of texts.entries()) {
      const number = index + 1;
      yield { text, cells: columns.map(() => number), position: number, place: `text ${number}` };
    }
  }
  return { extent: texts.length, columns: async () => columns, rows: rows(), files: [], warning: () => undefined };
}

function checkFlags(name: string, format: TextFormat, { field, quotes }: InputFlags): void {
  if (format === "lines" && field !== undefined) {
    throw usageFailure(`--field is for files with columns, but ${name} is read as lines`, "add --format csv, say");
  }
  if (!quotes && format !== "csv" && format !== "tsv") {
    throw usageFailure(`--no-quotes is for csv and tsv, but ${name} is read as ${format}`, "leave it out");
  }
}
