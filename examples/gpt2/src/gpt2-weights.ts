import type { CheckpointEntry, CheckpointSource, ReadOptions, Values } from "@bertkit/checkpoint";
import { type NameRow, type NameTable, nameTable } from "@bertkit/layers";

const parts = ["query", "key", "value"] as const;

/** How the files of GPT-2, published alone or with its head, spell the parameters of `Gpt2`, once `unstacked`. */
export function gpt2Names({ entries }: CheckpointSource): NameTable {
  return nameTable(rows, entries.has("transformer.wte.weight") ? "transformer." : "");
}

/** GPT-2 keeps weights as [inputs, outputs]. */
const linear = (ours: string, theirs: string): NameRow[] => [
  [`${ours}.weight`, `${theirs}.weight`, "transposed"],
  [`${ours}.bias`, `${theirs}.bias`],
];

const rows: readonly NameRow[] = [
  ["tokens", "wte"],
  ["positions", "wpe"],
  ["blocks.#.attentionNorm", "h.#.ln_1"],
  ...parts.flatMap((part) => linear(`blocks.#.attention.${part}`, `h.#.attn.${part}`)),
  ...linear("blocks.#.attention.output", "h.#.attn.c_proj"),
  ["blocks.#.feedForwardNorm", "h.#.ln_2"],
  ...linear("blocks.#.feedForward.expand", "h.#.mlp.c_fc"),
  ...linear("blocks.#.feedForward.contract", "h.#.mlp.c_proj"),
  ["norm", "ln_f"],
];

/**
 * The same arrays with each `c_attn`, in which GPT-2 has query, key and value side by side, cut into `query`, `key` and
 * `value`.
 */
export function unstacked(source: CheckpointSource): CheckpointSource {
  const entries = new Map<string, CheckpointEntry>();
  const stacks = new Map<string, Stack>();
  for (const [name, entry] of source.entries) {
    if (!name.includes(".c_attn.")) {
      entries.set(name, entry);
      continue;
    }
    const width = entry.shape.at(-1)! / 3;
    for (const [i, part] of parts.entries()) {
      const cut = name.replace(".c_attn.", `.${part}.`);
      entries.set(cut, { dtype: entry.dtype, shape: [...entry.shape.slice(0, -1), width] });
      stacks.set(cut, { name, from: i * width, width, isBias: entry.shape.length === 1 });
    }
  }
  return {
    entries,
    metadata: source.metadata,
    async read(name, options = {}) {
      const stack = stacks.get(name);
      if (!stack) return source.read(name, options);
      return stack.isBias ? readBias(source, stack, options) : readColumns(source, stack, options);
    },
    close: () => source.close(),
    [Symbol.asyncDispose]: () => source.close(),
  };
}

/** Where one of the three is in the array that holds all. */
interface Stack {
  readonly name: string;
  /** Its first column. */
  readonly from: number;
  readonly width: number;
  readonly isBias: boolean;
}

function readBias(source: CheckpointSource, { name, from, width }: Stack, options: ReadOptions): Promise<Values> {
  const [first, end] = options.rows ?? [0, width];
  return source.read(name, { ...options, rows: [from + first, from + end] });
}

async function readColumns(
  source: CheckpointSource,
  { name, from, width }: Stack,
  { rows, into, signal }: ReadOptions,
): Promise<Values> {
  const all = await source.read(name, { rows, signal });
  const columns = all.filter((_, at) => at % (3 * width) >= from && at % (3 * width) < from + width);
  into?.set(columns);
  return into ?? columns;
}
