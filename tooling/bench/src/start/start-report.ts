/** What a freshly started process says once it has its first vector. */
export interface StartReport {
  /** Resident memory then, in bytes. */
  readonly resident: number;
  /** The most it was until then. */
  readonly residentPeak: number;
  readonly vector: readonly number[];
  /** The text's tokens. */
  readonly ids: readonly number[];
}
