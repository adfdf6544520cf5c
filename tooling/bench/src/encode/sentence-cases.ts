import type { PackedBatch } from "@bertkit/layers";

/** Texts of these lengths, in tokens, encoded at once. */
export interface SentenceCase {
  /** As an option on the command line has it. */
  readonly key: string;
  readonly name: string;
  readonly lengths: readonly number[];
}

/** One long text, a full batch of long texts, and sentences as they come: their lengths are those of 32 real ones. */
export const sentenceCases: readonly SentenceCase[] = [
  { key: "1x128", name: "1 × 128", lengths: [128] },
  { key: "8x128", name: "8 × 128", lengths: Array.from({ length: 8 }, () => 128) },
  {
    key: "mixed",
    name: "32 mixed",
    lengths: [
      27, 19, 8, 30, 19, 63, 49, 19, 19, 23, 43, 4, 15, 8, 19, 11, 50, 8, 35, 20, 32, 54, 13, 65, 12, 15, 12, 13, 9, 23,
      18, 6,
    ],
  },
];

/** One short text, where a thread too many would be felt. */
export const shortCase: SentenceCase = { key: "1x16", name: "1 × 16", lengths: [16] };

/** The same ids every run, spread over the vocabulary; id 0, which is padding, does not occur. */
export function idsFor({ lengths }: Pick<SentenceCase, "lengths">, vocabulary: number): Int32Array[] {
  let state = 1;
  // Lehmer's generator with the constants of Park & Miller (1988).
  const next = () => {
    state = (state * 48271) % 2147483647;
    return 1 + (state % (vocabulary - 1));
  };
  return lengths.map((length) => Int32Array.from({ length }, next));
}

/** Texts end to end, as we take them. */
export function packed(texts: readonly Int32Array[]): PackedBatch {
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, ids] of texts.entries()) offsets[i + 1] = offsets[i]! + ids.length;
  const tokens = offsets[texts.length]!;
  const batch = { ids: new Int32Array(tokens), typeIds: new Int32Array(tokens), positions: new Int32Array(tokens) };
  for (const [i, ids] of texts.entries()) {
    batch.ids.set(ids, offsets[i]);
    batch.positions.set(Array.from(ids.keys()), offsets[i]);
  }
  return { ...batch, offsets };
}

/** Texts as the rows of a rectangle, the short ones filled up with id 0 and masked there. */
export interface PaddedBatch {
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
  readonly typeIds: BigInt64Array;
  readonly texts: number;
  readonly length: number;
}

export function padded(texts: readonly Int32Array[]): PaddedBatch {
  const length = Math.max(...texts.map((ids) => ids.length));
  const size = texts.length * length;
  const ids = new BigInt64Array(size);
  const mask = new BigInt64Array(size);
  for (const [i, text] of texts.entries()) {
    ids.set(BigInt64Array.from(text, BigInt), i * length);
    mask.fill(1n, i * length, i * length + text.length);
  }
  return { ids, mask, typeIds: new BigInt64Array(size), texts: texts.length, length };
}
