import { Failure } from "../failure.js";
import { type DelimitedRecord, DelimitedRecords, type Delimiters } from "./delimited-records.js";
import type { Line } from "./read-lines.js";
import { type Blocks, type Choice, type Table, type TableRow, takeFirst } from "./table.js";

/** A table of text whose first row names the columns; blank lines are skipped unless there is but one column. */
export async function delimitedTable(lines: Blocks<Line>, name: string, delimiters: Delimiters): Promise<Table> {
  const records = new DelimitedRecords(name, delimiters);
  const all = recordsOf(lines, records);
  const { first, rest } = await takeFirst(all);
  const names = first?.fields ?? [];
  return {
    header: first && { place: name, word: "column", columns: names.map((name) => ({ name, type: "string" })) },
    async *rows(choice) {
      for await (const block of rest) yield rowsOf(block, { records, names, choice });
    },
    close: async () => {
      await all.return(undefined);
    },
  };
}

async function* recordsOf(lines: Blocks<Line>, records: DelimitedRecords): Blocks<DelimitedRecord> {
  for await (const block of lines) yield records.endingIn(block);
  records.end();
}

interface Reading {
  readonly records: DelimitedRecords;
  readonly names: readonly string[];
  readonly choice: Choice;
}

function* rowsOf(block: Iterable<DelimitedRecord>, { records, names, choice }: Reading): Generator<TableRow> {
  const textIndex = choice.text === undefined ? undefined : names.indexOf(choice.text);
  const kept = choice.kept.map((column) => names.indexOf(column));
  for (const { fields, number, position } of block) {
    const place = `${records.name}:${number}`;
    if (fields.length !== names.length) {
      if (fields.length === 1 && fields[0] === "") continue;
      const counts = `${fields.length} fields where the header has ${names.length}`;
      throw new Failure(`${place}: ${counts}`, { hint: records.advice });
    }
    const cells = kept.map((column) => fields[column] as string);
    yield { text: textIndex === undefined ? "" : (fields[textIndex] as string), cells, position, place };
  }
}
