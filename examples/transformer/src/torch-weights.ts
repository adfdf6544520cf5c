import type { CheckpointEntry, CheckpointSource } from "@bertkit/checkpoint";
import { type NameRow, nameTable } from "@bertkit/layers";

const attention = (ours: string, theirs: string): NameRow[] => [
  ...["query", "key", "value"].map((part): NameRow => [`${ours}.${part}`, `${theirs}.${part}`]),
  [`${ours}.output`, `${theirs}.out_proj`],
];

const block = (ours: string, theirs: string): NameRow[] => [
  ...attention(`${ours}.attention`, `${theirs}.self_attn`),
  [`${ours}.attentionNorm`, `${theirs}.norm1`],
  [`${ours}.feedForward.expand`, `${theirs}.linear1`],
  [`${ours}.feedForward.contract`, `${theirs}.linear2`],
];

/** How torch.nn.Transformer spells the parameters of `Transformer`, once `unstacked`. */
export const torchNames = nameTable([
  ["embedding", "embed"],
  ...block("encoder.#", "transformer.encoder.layers.#"),
  ["encoder.#.feedForwardNorm", "transformer.encoder.layers.#.norm2"],
  ["encoderNorm", "transformer.encoder.norm"],
  ...block("decoder.#", "transformer.decoder.layers.#"),
  ...attention("decoder.#.crossAttention", "transformer.decoder.layers.#.multihead_attn"),
  ["decoder.#.crossAttentionNorm", "transformer.decoder.layers.#.norm2"],
  ["decoder.#.feedForwardNorm", "transformer.decoder.layers.#.norm3"],
  ["decoderNorm", "transformer.decoder.norm"],
]);

/**
 * The same arrays with each `in_proj_weight` and `in_proj_bias`, in which torch stacks query, key and value, cut into
 * `query.weight`, `key.weight` and so on.
 */
export function unstacked(source: CheckpointSource): CheckpointSource {
  const entries = new Map<string, CheckpointEntry>();
  const stacks = new Map<string, { readonly name: string; readonly from: number }>();
  for (const [name, entry] of source.entries) {
    if (!name.includes("in_proj_")) {
      entries.set(name, entry);
      continue;
    }
    const [stacked, ...rest] = entry.shape as readonly [number, ...number[]];
    for (const [i, part] of ["query", "key", "value"].entries()) {
      const cut = name.replace("in_proj_", `${part}.`);
      entries.set(cut, { dtype: entry.dtype, shape: [stacked / 3, ...rest] });
      stacks.set(cut, { name, from: (i * stacked) / 3 });
    }
  }
  return {
    entries,
    metadata: source.metadata,
    async read(name, options = {}) {
      const stack = stacks.get(name);
      if (!stack) return source.read(name, options);
      const [from, to] = options.rows ?? [0, entries.get(name)!.shape[0]!];
      return source.read(stack.name, { ...options, rows: [stack.from + from, stack.from + to] });
    },
    close: () => source.close(),
    [Symbol.asyncDispose]: () => source.close(),
  };
}
