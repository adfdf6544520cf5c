import type { Column, Row } from "../rows/row.js";
import type { Tally } from "./journal.js";

/** What is to be written, known when the model is. */
export interface VectorJob {
  /** Kept columns, which stand before text and vector. */
  readonly columns: readonly Column[];
  /** Numbers of a vector as the model makes it. */
  readonly width: number;
  /**
   * What the result depends on besides the rows: model, device, options … name → value. Asked for once, when a first
   * checkpoint is due or a run is resumed; also after the signal's abort, since what was done is written down then.
   */
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
}

/** Where rows are written, each with a value. Disposed of before it is complete, a file keeps what can be resumed. */
export interface RowOutput<Value> extends AsyncDisposable {
  /** Rows that an earlier run has written and this one keeps. */
  readonly resumedRows: number;
  /** The caller's counters, which go on where an earlier run left them; a row is counted before it is written. */
  readonly tally: Tally;
  /**
   * The rows still to be done: those that an earlier run has written are read, compared with what that run read, and left
   * out.
   * @throws {Failure} where they are others, or fewer.
   */
  remaining(rows: AsyncIterable<Row>): AsyncGenerator<Row>;
  /** Writes one of the remaining rows, in their order. The value may change afterwards. */
  write(row: Row, value: Value): Promise<void>;
  /** Writes what was held back; a file gets its name now. */
  complete(): Promise<void>;
}

/** Where vectors are written. */
export type VectorOutput = RowOutput<Float32Array>;

/** The sizes that decide how often a run can be interrupted without losing work; a form's bytes depend on all but the last. */
export interface OutputLimits {
  /** Uncompressed bytes after which a compressed block ends. */
  readonly blockBytes: number;
  /** Bytes of float32 vectors after which a row group of Parquet ends, or four times as many characters of text. */
  readonly groupBytes: number;
  /** Rows that a row group has at least and at most, whatever their size. */
  readonly groupRows: { readonly min: number; readonly max: number };
  /** Milliseconds between checkpoints at least. */
  readonly checkpointEvery: number;
}

export const outputLimits: OutputLimits = {
  blockBytes: 2 ** 20,
  groupBytes: 2 ** 22,
  groupRows: { min: 256, max: 8192 },
  checkpointEvery: 2000,
};
