import type { PackedBatch } from "@bertkit/layers";

/** Token ids of several sequences end to end, with each one's position in its sequence. */
export type Sequences = Omit<PackedBatch, "typeIds">;

/** Lays lists of token ids end to end: no padding, no mask. */
export function pack(sequences: readonly (readonly number[])[]): Sequences {
  let end = 0;
  return {
    ids: Int32Array.from(sequences.flat()),
    positions: Int32Array.from(sequences.flatMap((sequence) => [...sequence.keys()])),
    offsets: Int32Array.of(0, ...sequences.map((sequence) => (end += sequence.length))),
  };
}
