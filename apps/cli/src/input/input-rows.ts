import type { Column, Row, RowSource } from "../rows/row.js";
import {
  type ChosenColumns,
  type ColumnFlags,
  chooseAgain,
  chooseColumns,
  columnsOfNothing,
  rowNumber,
} from "./choose-columns.js";
import type { Input } from "./find-inputs.js";
import { InputWarnings } from "./input-warnings.js";
import { type Opening, openTable } from "./open-table.js";
import type { Choice, Header, Table } from "./table.js";

/** How inputs are read. */
export interface InputOptions extends Pick<Opening, "quotes" | "signal"> {
  readonly columns: ColumnFlags;
}

/**
 * The rows of inputs one after the other, all with the columns that are chosen in the first. Headers of files are read
 * now, and again when their rows are; what can be read only once is opened when it is its turn.
 * @throws {Failure} for a file that cannot be read, or lacks a column.
 */
export async function openInputs(inputs: readonly Input[], options: InputOptions): Promise<RowSource> {
  const rows = new InputRows(inputs, options);
  await rows.checkFiles();
  return rows;
}

class InputRows implements RowSource {
  readonly extent: number | undefined;
  readonly files: readonly string[];
  readonly rows: AsyncIterable<Row>;
  readonly #warnings = new InputWarnings();
  /** Opened to know their columns, still to be read. */
  readonly #waiting = new Map<Input, Table>();
  #chosen: ChosenColumns | undefined;

  constructor(
    readonly inputs: readonly Input[],
    readonly options: InputOptions,
  ) {
    const sizes = inputs.map(({ size }) => size);
    this.extent = sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
    this.files = inputs.flatMap(({ path }) => path ?? []);
    this.rows = this.#read();
  }

  async checkFiles(): Promise<void> {
    for (const input of this.inputs) {
      if (input.size === undefined) continue;
      const table = await this.#open(input, { start: 0, warnings: new InputWarnings() });
      await table.close();
      if (table.header) this.#chosen = this.#choose(table.header);
    }
  }

  async columns(): Promise<readonly Column[]> {
    for (const input of this.inputs) {
      if (this.#chosen !== undefined) break;
      const table = await this.#open(input, { start: 0, warnings: this.#warnings });
      this.#waiting.set(input, table);
      if (table.header) this.#chosen = this.#choose(table.header);
    }
    return this.#chosen?.columns ?? columnsOfNothing(this.options.columns);
  }

  warning(): string | undefined {
    return this.#warnings.sentence();
  }

  async *#read(): AsyncGenerator<Row> {
    const isNumbered = this.options.columns.id === rowNumber;
    let start = 0;
    let number = 0;
    try {
      for (const input of this.inputs) {
        for await (const block of this.#blocksOf(input, start)) {
          for (const row of block) {
            if (isNumbered) row.cells.unshift(++number);
            yield row;
          }
        }
        start += input.size ?? 0;
      }
    } finally {
      for (const table of this.#waiting.values()) await table.close();
    }
  }

  async *#blocksOf(input: Input, start: number): ReturnType<Table["rows"]> {
    const table = this.#waiting.get(input) ?? (await this.#open(input, { start, warnings: this.#warnings }));
    this.#waiting.set(input, table);
    if (table.header) yield* table.rows(this.#choiceIn(table.header));
    this.#waiting.delete(input);
    await table.close();
  }

  #open(input: Input, opening: Pick<Opening, "start" | "warnings">): Promise<Table> {
    const { quotes, signal } = this.options;
    return openTable(input, { quotes, signal, ...opening });
  }

  #choiceIn(header: Header): Choice {
    const chosen = this.#choose(header);
    this.#chosen ??= chosen;
    return chosen.choice;
  }

  #choose(header: Header): ChosenColumns {
    const { columns } = this.options;
    return this.#chosen === undefined ? chooseColumns(header, columns) : chooseAgain(header, this.#chosen, columns);
  }
}
