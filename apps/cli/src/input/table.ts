import type { Cell, Column, Row } from "../rows/row.js";

/** The columns of a file, and how to speak of them. */
export interface Header {
  /** Where they are named, for messages: `reviews.csv`, or `reviews.jsonl:1`. */
  readonly place: string;
  readonly word: "column" | "field";
  readonly columns: readonly Column[];
}

/** Which columns of a table are read. */
export interface Choice {
  /** Whose cells are the texts; undefined where no texts are wanted. */
  readonly text: string | undefined;
  /** Whose cells are handed on, in this order. */
  readonly kept: readonly string[];
  /** Whether `kept` is all that there was, so that a new column is worth a warning. */
  readonly all: boolean;
}

/** A row whose cells may still get company. */
export interface TableRow extends Row {
  readonly cells: Cell[];
}

/** An opened file or stream, read from its beginning to its end, once. */
export interface Table {
  /** Its columns; undefined where nothing is in it. */
  readonly header: Header | undefined;
  /** The rows, block by block: those of one must be gone through before the next is asked for. */
  rows(choice: Choice): AsyncIterable<Iterable<TableRow>>;
  /** Lets go of the file where the rows were not read, or not to their end. */
  close(): Promise<void>;
}

/** A sequence in blocks, of which each must be gone through before the next is asked for. */
export type Blocks<T> = AsyncGenerator<Iterable<T>>;

/** The first item of a sequence, undefined where it is empty, and the sequence that follows it. */
export async function takeFirst<T>(blocks: Blocks<T>): Promise<{ first: T | undefined; rest: Blocks<T> }> {
  for (;;) {
    const block = await blocks.next();
    if (block.done) return { first: undefined, rest: blocks };
    const items = block.value[Symbol.iterator]();
    const item = items.next();
    if (!item.done) return { first: item.value, rest: following({ [Symbol.iterator]: () => items }, blocks) };
  }
}

async function* following<T>(items: Iterable<T>, blocks: Blocks<T>): Blocks<T> {
  yield items;
  yield* blocks;
}
