import type { Line } from "./read-lines.js";
import type { Blocks, Choice, Table, TableRow } from "./table.js";

/** A file in which every line is a text, the empty one too. */
export function lineTable(lines: Blocks<Line>, name: string): Table {
  return {
    header: { place: name, word: "column", columns: [{ name: lineColumn, type: "string" }] },
    async *rows({ text, kept }) {
      for await (const block of lines) yield rowsOf(block, name, { text, kept });
    },
    close: async () => {
      await lines.return(undefined);
    },
  };
}

/** What the only column of a file of lines is called. */
export const lineColumn = "text";

function* rowsOf(
  lines: Iterable<Line>,
  name: string,
  { text: column, kept }: Omit<Choice, "all">,
): Generator<TableRow> {
  for (const { text, number, position } of lines) {
    yield { text: column === undefined ? "" : text, cells: kept.map(() => text), position, place: `${name}:${number}` };
  }
}
