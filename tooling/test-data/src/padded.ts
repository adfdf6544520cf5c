/** A padded batch's rows as a packed batch has them. */
export interface Unpadded {
  /** [sequences + 1] */
  readonly offsets: Int32Array;
  /** For each packed token, its row in the padded batch. */
  readonly rows: Int32Array;
}

/** Which rows of a padded batch are real. mask [sequences · length], 1 on real tokens. */
export function unpad(mask: ArrayLike<number>, length: number): Unpadded {
  const rows: number[] = [];
  const offsets = [0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) rows.push(i);
    if ((i + 1) % length === 0) offsets.push(rows.length);
  }
  return { offsets: Int32Array.from(offsets), rows: Int32Array.from(rows) };
}

/** The real rows of a padded array [sequences · length, width], flat. */
export function realRows(values: ArrayLike<number>, { rows }: Unpadded, width = 1): Float64Array {
  return Float64Array.from(
    { length: rows.length * width },
    (_, i) => values[rows[Math.floor(i / width)]! * width + (i % width)]!,
  );
}

/** Padded attention weights [sequences, heads, length, length] as packed: sequence after sequence, [heads, n, n] flat. */
export function realWeights(
  values: ArrayLike<number>,
  { offsets }: Unpadded,
  heads: number,
  length: number,
): Float64Array {
  const out: number[] = [];
  for (let sequence = 0; sequence + 1 < offsets.length; sequence++) {
    const n = offsets[sequence + 1]! - offsets[sequence]!;
    for (let head = 0; head < heads; head++) {
      const block = (sequence * heads + head) * length * length;
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out.push(values[block + i * length + j]!);
    }
  }
  return Float64Array.from(out);
}

/** 0, 1, 2 … within each sequence. */
export function positionsOf(offsets: Int32Array): Int32Array {
  const positions: number[] = [];
  for (let i = 0; i + 1 < offsets.length; i++)
    for (let p = 0; p < offsets[i + 1]! - offsets[i]!; p++) positions.push(p);
  return Int32Array.from(positions);
}
