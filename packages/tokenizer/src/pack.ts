import type { Encoding } from "./encoding.js";

/** Sequences laid end to end. Sequence i is rows offsets[i] … offsets[i + 1] of every per-token array. */
export interface PackedBatch {
  /** [tokens] */
  readonly ids: Int32Array;
  /** [tokens] */
  readonly typeIds: Int32Array;
  /** [tokens] Positions, from 0 in each sequence. */
  readonly positions: Int32Array;
  /** [sequences + 1] */
  readonly offsets: Int32Array;
}

/** Lays encodings end to end as a batch, without padding. */
export function packEncodings(encodings: readonly Pick<Encoding, "ids" | "typeIds">[]): PackedBatch {
  const offsets = new Int32Array(encodings.length + 1);
  encodings.forEach(({ ids }, sequence) => {
    offsets[sequence + 1] = (offsets[sequence] as number) + ids.length;
  });
  const tokens = offsets[encodings.length] as number;
  const batch = {
    ids: new Int32Array(tokens),
    typeIds: new Int32Array(tokens),
    positions: new Int32Array(tokens),
    offsets,
  };
  encodings.forEach(({ ids, typeIds }, sequence) => {
    const start = offsets[sequence] as number;
    batch.ids.set(ids, start);
    batch.typeIds.set(typeIds, start);
    for (let position = 0; position < ids.length; position++) batch.positions[start + position] = position;
  });
  return batch;
}
