/** Bytes to be read, and where they lie in their file: the same stretch, unless the file is compressed. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}
