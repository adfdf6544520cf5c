import { DataError } from "./data-error.js";

/** What readers of many records do with one that is not as its format wants it. */
export interface BadRecordOptions {
  /** Is told of each record that is left out. Without it the first one ends the reading with its error. */
  readonly onBadRecord?: ((error: DataError) => void) | undefined;
}

/** What `read` gives; undefined where it throws a {@link DataError} and somebody is there to be told. */
export function readOrReport<Value>(read: () => Value, { onBadRecord }: BadRecordOptions): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!onBadRecord || !(error instanceof DataError)) throw error;
    onBadRecord(error);
    return undefined;
  }
}
