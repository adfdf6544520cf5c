import type { Column, Row } from "../../rows/row.js";
import type { ElementCodec, Elements } from "../elements.js";
import type { OutputLimits } from "../vector-output.js";

/** What of a row is written beside its vector, and where it stands. */
export type OutputRow = Pick<Row, "text" | "cells" | "place">;

/** Makes the bytes of one output, row after row, each with a value. */
export interface RowEncoder<Value> {
  /** What stands before all else and is written last; has the same length for any number of rows. */
  readonly header?: (rows: number) => Uint8Array;
  /** The first bytes; not asked for where a run is resumed. */
  start(): Uint8Array;
  /** Bytes after which the output stands for all rows so far; undefined while a block of rows is being gathered. */
  append(row: OutputRow, value: Value): Uint8Array | undefined;
  /** The last bytes: the block being gathered, a footer. */
  finish(): Uint8Array;
  /** What an encoder must know to go on after the last bytes of `append`, as JSON. */
  state(): unknown;
}

/** Makes the bytes of vectors, as the elements that are written of them. */
export interface VectorEncoder extends RowEncoder<Elements> {
  /** What `append` would refuse about a row but for its vector. */
  check?(row: OutputRow): void;
}

/** Takes vectors as models make them, for an encoder that takes their elements. */
export function convertingEncoder(encoder: VectorEncoder, codec: ElementCodec): RowEncoder<Float32Array> {
  return {
    ...(encoder.header && { header: (rows) => (encoder.header as (rows: number) => Uint8Array)(rows) }),
    start: () => encoder.start(),
    append: (row, vector) => encoder.append(row, codec.convert(vector)),
    finish: () => encoder.finish(),
    state: () => encoder.state(),
  };
}

/** What an encoder is made for. */
export interface EncoderOrder {
  /** Kept columns, which stand before text and vector. */
  readonly columns: readonly Column[];
  readonly limits: OutputLimits;
  /** Where an interrupted run stood that is gone on with. */
  readonly resumption?: EncoderResumption | undefined;
}

/** Where an interrupted run stood. */
export interface EncoderResumption {
  /** Bytes that its encoder had made, its header aside. */
  readonly bytes: number;
  /** What {@link RowEncoder.state} was then, if nobody has changed it. */
  readonly state: unknown;
}

/** A state that no encoder can have been in. */
export class StateError extends Error {
  override readonly name = "StateError";
}

export const noBytes: Uint8Array = new Uint8Array(0);
