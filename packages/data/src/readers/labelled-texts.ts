import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { DataError, shown } from "../data-error.js";
import { type ColumnLayout, roleRows } from "../text/columns.js";
import type { TextSource } from "../text/lines.js";
import type { Example } from "./examples.js";

/**
 * Which columns of a table hold what: all by their names in the header, or all by their numbers, from 1, where there
 * is none.
 */
export interface LabelColumns<Column extends string | number = string | number> {
  readonly text: Column;
  readonly pair?: Column;
  /** Absent in files without labels. */
  readonly label?: Column;
}

/** Options of {@link readLabelledTexts}. */
export interface LabelledTextOptions extends BadRecordOptions {
  /** Without them the header has to name the columns as published files do: `sentence` or `text_a`, `label` … */
  readonly columns?: LabelColumns<string> | LabelColumns<number> | undefined;
  /** The labels that there are; any that is not empty without them. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Texts or pairs with labels from any TSV file: text⇥label, label⇥text, label⇥text_a⇥text_b … Quotes are text.
 * @throws {DataError} `columns` for a header or a line without these columns, `value` for a label that is none,
 * `empty` for an empty file where there has to be a header, `argument` for columns partly by name and partly by
 * number.
 */
export async function* readLabelledTexts(
  source: TextSource,
  { columns, labels, ...options }: LabelledTextOptions = {},
): AsyncGenerator<Example> {
  for await (const row of roleRows(source, columns ? layoutOf(columns) : usualColumns)) {
    const example = readOrReport((): Example => {
      const { text = "", pair, label } = row.cells();
      checkLabel(label, labels, row.line);
      return { line: row.line, id: undefined, text, pair, label, language: undefined };
    }, options);
    if (example) yield example;
  }
}

type Role = keyof LabelColumns;

const usualColumns: ColumnLayout<Role> = {
  header: {
    text: { names: ["text_a", "text", "sentence", "sentence1", "question1", "question", "review"] },
    pair: { names: ["text_b", "text_pair", "sentence2", "question2"], optional: true },
    label: { names: ["label", "labels", "gold_label"], optional: true },
  },
};

function layoutOf(columns: LabelColumns): ColumnLayout<Role> {
  const given = Object.entries(columns).filter(([, column]) => column !== undefined) as [Role, string | number][];
  if (given.every(([, column]) => typeof column === "string")) {
    const header = given.map(([role, name]) => [role, { names: [name] }] as const);
    return { header: Object.fromEntries(header) };
  }
  for (const [role, column] of given) {
    if (Number.isSafeInteger(column) && Number(column) >= 1) continue;
    const problem = `wanted columns all by name or all by number from 1, came ${shown(column)} for the ${role}`;
    throw new DataError("argument", problem);
  }
  const indices = Object.fromEntries(given.map(([role, number]) => [role, Number(number) - 1]));
  return { headless: { indices } };
}

function checkLabel(label: string | undefined, labels: readonly string[] | undefined, line: number): void {
  if (label === undefined || (labels ? labels.includes(label) : label !== "")) return;
  const wanted = labels ? `one of the labels ${labels.join(", ")}` : "a label";
  throw new DataError("value", `wanted ${wanted}, came ${shown(label)}`, { line });
}
