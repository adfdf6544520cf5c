import { sliceRows, tidy } from "@bertkit/tensor";
import { pack } from "./sequences.js";
import type { Transformer } from "./transformer.js";

/** Writes the likeliest token, then the likeliest after that, until `end` or `limit` tokens; without either. */
export async function generate(
  model: Transformer,
  source: readonly number[],
  { start, end, limit }: { readonly start: number; readonly end: number; readonly limit: number },
): Promise<number[]> {
  const { offsets } = pack([source]);
  using memory = tidy(() => model.encode(pack([source])));
  const ids = [start];
  while (ids.length <= limit) {
    using logits = tidy(() => {
      const hidden = model.decode(pack([ids]), { hidden: memory, offsets });
      return model.logits(sliceRows(hidden, ids.length - 1, ids.length));
    });
    const next = indexOfLargest(await logits.read());
    if (next === end) break;
    ids.push(next);
  }
  return ids.slice(1);
}

const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, i, all) => (value > all[best]! ? i : best), 0);
