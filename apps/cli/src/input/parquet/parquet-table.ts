import { type DecodedArray, type FileMetaData, parquetSchema, type RowGroup, type SchemaTree } from "hyparquet";
import { Failure, systemFailure } from "../../failure.js";
import type { Cell, Column } from "../../rows/row.js";
import type { Choice, Table, TableRow } from "../table.js";
import { columnValues, type FileColumn } from "./column-values.js";
import { cellReader, columnTypeOf, decodedElement } from "./parquet-cells.js";
import { ParquetFile } from "./parquet-file.js";
import { readFooter } from "./read-footer.js";

/**
 * A Parquet file, of which only the chosen columns are read, a page at a time.
 * @throws {Failure} for what is not Parquet, is broken, or is encrypted.
 */
export async function parquetTable(name: string, start: number, signal: AbortSignal): Promise<Table> {
  const file = await ParquetFile.open(name).catch((error: unknown) => {
    throw systemFailure(name, error);
  });
  try {
    const metadata = await readFooter(file);
    const rows = new ParquetRows(file, metadata, { start, signal });
    const columns = rows.schema.children.map((node): Column => ({ name: node.element.name, type: columnTypeOf(node) }));
    return {
      header: { place: name, word: "column", columns },
      rows: (choice) => rows.read(choice),
      close: () => file[Symbol.asyncDispose](),
    };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw failureOf(name, error);
  }
}

interface Setting {
  /** Where the file begins among all inputs. */
  readonly start: number;
  readonly signal: AbortSignal;
}

class ParquetRows {
  readonly schema: SchemaTree;
  /** The schema as the decoder is to see it. */
  readonly #decoded: SchemaTree;
  readonly #groups: readonly RowGroup[];
  readonly #count: number;

  constructor(
    readonly file: ParquetFile,
    { row_groups, schema, num_rows }: FileMetaData,
    readonly setting: Setting,
  ) {
    this.schema = parquetSchema({ schema });
    this.#decoded = parquetSchema({ schema: schema.map(decodedElement) });
    this.#groups = row_groups;
    this.#count = row_groups.reduce((sum, group) => sum + rowsIn(group), 0);
    if (this.#count !== Number(num_rows)) throw new Error(`it has ${this.#count} rows and says ${num_rows}`);
  }

  async *read(choice: Choice): AsyncGenerator<Iterable<TableRow>> {
    try {
      let before = 0;
      for (const group of this.#groups) {
        yield* this.#readGroup(group, choice, before);
        before += rowsIn(group);
      }
    } catch (error) {
      this.setting.signal.throwIfAborted();
      throw failureOf(this.file.name, error);
    }
  }

  async *#readGroup(group: RowGroup, choice: Choice, before: number): AsyncGenerator<Iterable<TableRow>> {
    const count = rowsIn(group);
    const cursors = this.#cursors(group, choice);
    for (let row = 0; row < count; ) {
      this.setting.signal.throwIfAborted();
      let block = count - row;
      for (const cursor of cursors.values()) block = Math.min(block, await cursor.available());
      yield this.#rowsOf(cursors, choice, { block, before: before + row });
      for (const cursor of cursors.values()) cursor.at += block;
      row += block;
    }
  }

  /** Where no column is chosen, the first says how many rows there are. */
  #cursors(group: RowGroup, { text, kept }: Choice): ReadonlyMap<string, ValueCursor> {
    const names = new Set(text === undefined ? kept : [text, ...kept]);
    if (names.size === 0) names.add(this.#decoded.children[0]?.element.name ?? "");
    const cursorOf = (name: string): ValueCursor => {
      const column = { file: this.file, schema: this.#decoded, node: nodeOf(this.#decoded, name) };
      return new ValueCursor(column, group, cellReader(nodeOf(this.schema, name)));
    };
    return new Map([...names].map((name) => [name, cursorOf(name)]));
  }

  *#rowsOf(
    cursors: ReadonlyMap<string, ValueCursor>,
    choice: Choice,
    { block, before }: { readonly block: number; readonly before: number },
  ): Generator<TableRow> {
    const { name, size } = this.file;
    const text = choice.text === undefined ? undefined : (cursors.get(choice.text) as ValueCursor);
    const kept = choice.kept.map((column) => cursors.get(column) as ValueCursor);
    try {
      for (let i = 0; i < block; i++) {
        const number = before + i + 1;
        const place = `${name}:row ${number}`;
        const position = this.setting.start + Math.round((size * number) / this.#count);
        const cells = kept.map((cursor) => cursor.cell(i));
        yield { text: text ? textOf(text.cell(i), choice.text as string, place) : "", cells, position, place };
      }
    } catch (error) {
      throw failureOf(name, error);
    }
  }
}

/** Goes through the values of a column in a row group. */
class ValueCursor {
  readonly #pieces: AsyncGenerator<DecodedArray>;
  #values: DecodedArray = [];
  at = 0;

  constructor(
    readonly column: FileColumn,
    group: RowGroup,
    readonly read: (value: unknown) => Cell,
  ) {
    this.#pieces = columnValues(column, group);
  }

  /** How many values are at hand: one or more. */
  async available(): Promise<number> {
    while (this.at >= this.#values.length) {
      const { done, value } = await this.#pieces.next();
      if (done) throw new Error(`the column "${this.column.node.element.name}" has fewer values than there are rows`);
      this.#values = value;
      this.at = 0;
    }
    return this.#values.length - this.at;
  }

  cell(index: number): Cell {
    const value: unknown = this.#values[this.at + index];
    // A null is a null; this is an index that the dictionary does not have.
    if (value === undefined && this.column.node.children.length === 0)
      throw new Error("a value is not in its dictionary");
    return this.read(value);
  }
}

function rowsIn({ num_rows }: RowGroup): number {
  const rows = Number(num_rows);
  if (Number.isSafeInteger(rows) && rows >= 0) return rows;
  throw new Error(`a row group says it has ${num_rows} rows`);
}

function nodeOf({ children }: SchemaTree, name: string): SchemaTree {
  const node = children.find(({ element }) => element.name === name);
  if (!node) throw new Error(`its schema lacks the column "${name}"`);
  return node;
}

function textOf(cell: Cell, column: string, place: string): string {
  if (typeof cell === "string") return cell;
  const hint = "leave such rows out of the file, or give them a text, the empty one";
  throw new Failure(`${place}: "${column}" is null, wanted a text`, { hint });
}

function failureOf(name: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (typeof error === "object" && error !== null && "syscall" in error) return systemFailure(name, error);
  // What the decoder runs into where bytes are wrong says nothing to people.
  const isInner = error instanceof TypeError || error instanceof RangeError;
  const reason = isInner ? "" : `: ${String(error).replace(/^Error: /, "")}`;
  const hint = "fetch or copy it again; if another program reads it, write it anew with that";
  return new Failure(`${name}: this Parquet file is broken${reason}`, { cause: error, hint });
}
