import type { AttentionLayout } from "@bertkit/tensor";

/** A layout as shaders read it. */
export interface AttentionPlan {
  /** For each of sequences + 1: its first query, its first key, its first weight. */
  readonly table: Int32Array;
  readonly sequences: number;
  readonly queries: number;
  readonly keys: number;
  readonly weights: number;
}

/** Lays a layout out for `attentionFunctions`. */
export function attentionPlan({ heads, queryOffsets, keyOffsets }: AttentionLayout): AttentionPlan {
  const sequences = Math.max(0, queryOffsets.length - 1);
  const table = new Int32Array(3 * (sequences + 1));
  let weights = 0;
  for (let s = 0; s <= sequences; s++) {
    const [query, key] = [queryOffsets[s] ?? 0, keyOffsets[s] ?? 0];
    table.set([query, key, weights], 3 * s);
    if (s < sequences) weights += heads * (queryOffsets[s + 1]! - query) * (keyOffsets[s + 1]! - key);
  }
  return { table, sequences, queries: queryOffsets.at(-1) ?? 0, keys: keyOffsets.at(-1) ?? 0, weights };
}

/** Columns of the table. */
export const planColumns = { query: 0, key: 1, weight: 2 } as const;

/** WGSL that finds sequences in `plan`, an array<u32>; needs the parameter `sequences`. */
export const attentionFunctions = `
struct Sequence { firstQuery: u32, queries: u32, firstKey: u32, keys: u32, firstWeight: u32 }
fn sequenceNumber(s: u32) -> Sequence {
  let at = 3u * s;
  return Sequence(plan[at], plan[at + 3u] - plan[at], plan[at + 1u], plan[at + 4u] - plan[at + 1u], plan[at + 2u]);
}
// The sequence with place \`i\` among its queries (column 0), keys (1) or weights (2); empty ones are passed over.
fn sequenceWith(i: u32, column: u32) -> Sequence {
  var low = 0u;
  var high = p.sequences - 1u;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (plan[3u * (middle + 1u) + column] > i) { high = middle; } else { low = middle + 1u; }
  }
  return sequenceNumber(low);
}
// How many keys query \`i\` of a sequence sees.
fn seenBy(sequence: Sequence, i: u32, causal: u32) -> u32 {
  if (causal == 0u) { return sequence.keys; }
  return u32(clamp(i32(i + 1u + sequence.keys) - i32(sequence.queries), 0, i32(sequence.keys)));
}
`;
