import type { AttentionLayout } from "./backend.js";

/** One sequence's [queries, keys] block of weights for one head, and where its rows lie. */
export interface AttentionBlock {
  readonly head: number;
  /** The block's first element in the flat weights. */
  readonly at: number;
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstKey: number;
  readonly keys: number;
}

/** The blocks of a layout in the order in which their weights lie: sequence after sequence, head after head. */
export function* attentionBlocks({
  heads,
  queryOffsets,
  keyOffsets,
}: AttentionLayout): Generator<AttentionBlock, void, undefined> {
  let at = 0;
  for (let sequence = 0; sequence + 1 < queryOffsets.length; sequence++) {
    const [firstQuery, firstKey] = [queryOffsets[sequence]!, keyOffsets[sequence]!];
    const queries = queryOffsets[sequence + 1]! - firstQuery;
    const keys = keyOffsets[sequence + 1]! - firstKey;
    for (let head = 0; head < heads; head++) {
      yield { head, at, firstQuery, queries, firstKey, keys };
      at += queries * keys;
    }
  }
}
