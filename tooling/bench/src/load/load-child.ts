/** What a process of `load` opens: a path or an address. */
export interface LoadInput {
  readonly model: string;
}

/** In milliseconds from the call on. */
export interface OpenResult {
  readonly opened: number;
  readonly firstTensor: number;
}

export interface WholeResult {
  /** In milliseconds from the call on. */
  readonly loaded: number;
  /** The most resident memory that the process had, in bytes. */
  readonly residentPeak: number;
}
