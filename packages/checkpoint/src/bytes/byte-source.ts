/** Where a file's bytes come from: one implementation per kind of place. Not tied to any format. */
export interface ByteSource {
  /** What error messages call it. */
  readonly label: string;
  /** Bytes in all. */
  readonly size: number;
  /**
   * Fills `into` with the bytes from `from` on. The caller asks for nothing beyond `size`.
   *
   * @throws CheckpointError `truncated`, `changed`, `io` or `closed`; the signal's reason where it stops the read.
   */
  read(from: number, into: Uint8Array, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
