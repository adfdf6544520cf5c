import type { CheckpointSource } from "@bertkit/checkpoint";
import type { EncoderConfig } from "@bertkit/encoder-family";
import type { PackedBatch } from "@bertkit/layers";
import { tidy } from "@bertkit/tensor";
import { type BertTokenizer, packEncodings } from "@bertkit/tokenizer";
import type { ModelConfig } from "../model-config.js";
import { shareBackend } from "../shared-backend.js";
import type { Architecture } from "./architecture.js";
import type { OutputComparison } from "./conversion-report.js";
import { loadWhole, type WholeModel } from "./whole-model.js";

/** What a model gives for the sample text. */
export interface SampleOutputs {
  /** [tokens · width] */
  readonly hidden: ArrayLike<number> | undefined;
  /** What its head makes of them, or else its pooler, if it has one. */
  readonly answer: ArrayLike<number> | undefined;
}

const sampleText = "A sample text: 2 sentences, the same before and after. Does it give the same numbers?";

/** The sample text as a batch; made-up ids for a model whose tokenizer is not read. */
export function sampleBatch(
  tokenizer: BertTokenizer | undefined,
  { vocabulary, maxPositions }: EncoderConfig,
): PackedBatch {
  if (tokenizer) return packEncodings([tokenizer.encode(sampleText, { maxLength: maxPositions })]);
  const length = Math.min(16, maxPositions);
  return {
    ids: Int32Array.from({ length }, (_, i) => (7 + 31 * i) % vocabulary),
    typeIds: new Int32Array(length),
    positions: Int32Array.from({ length }, (_, i) => i),
    offsets: Int32Array.of(0, length),
  };
}

/** A model whose weights are open. */
export interface OpenedModel {
  readonly source: CheckpointSource;
  readonly modelConfig: ModelConfig;
  readonly architecture: Architecture;
}

/** Loads a model, runs it once and gives its memory back. Throws as `loadWhole` does. */
export async function outputsOf(
  { source, modelConfig, architecture }: OpenedModel,
  batch: PackedBatch,
  signal: AbortSignal | undefined,
): Promise<SampleOutputs> {
  const owned: Disposable[] = [];
  using shared = await shareBackend({});
  try {
    const options = { backend: shared.resource, precision: undefined, signal, owned };
    return await run(await loadWhole(source, modelConfig, architecture, options), batch);
  } finally {
    for (const part of owned) part[Symbol.dispose]();
  }
}

async function run({ encoder, head }: WholeModel, batch: PackedBatch): Promise<SampleOutputs> {
  const tensors = tidy(() => {
    const encoded = encoder.forward(batch);
    const answer = head ? head.forward(encoded) : encoded.pooled;
    return answer ? [encoded.hidden, answer] : [encoded.hidden];
  });
  try {
    const [hidden, answer] = await Promise.all(tensors.map((tensor) => tensor.read()));
    return { hidden, answer };
  } finally {
    for (const tensor of tensors) tensor[Symbol.dispose]();
  }
}

/** How far outputs are from those before, as far as both have them. */
export function compareOutputs(before: SampleOutputs, after: Partial<SampleOutputs>): OutputComparison {
  const pairs = [
    [before.hidden, after.hidden],
    [before.answer, after.answer],
  ] as const;
  let [numbers, largestDifference, squares, differences] = [0, 0, 0, 0];
  for (const [wanted, found] of pairs) {
    if (!wanted || !found) continue;
    numbers += wanted.length;
    for (let i = 0; i < wanted.length; i++) {
      const difference = Math.abs(wanted[i]! - (found[i] ?? Number.NaN));
      largestDifference = Math.max(largestDifference, difference);
      squares += wanted[i]! ** 2;
      differences += difference ** 2;
    }
  }
  const relativeDifference = differences === 0 ? 0 : Math.sqrt(differences / squares);
  return { kind: "compared", numbers, largestDifference, relativeDifference };
}
