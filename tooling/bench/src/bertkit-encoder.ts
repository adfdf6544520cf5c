import type { PackedBatch } from "@bertkit/layers";
import { tidy } from "@bertkit/tensor";
import { inspectModel, loadSentenceEncoder } from "bertkit";

/** Our side without the tokenizer, so that it starts where the rival does: at token ids. */
export interface BertkitEncoder {
  /** The backend's name. */
  readonly device: string;
  readonly vocabulary: number;
  /** Mean-pooled vectors of length 1, [texts, width] flat. */
  encode(batch: PackedBatch): Promise<Float32Array>;
}

/** @throws Error for a model that pools otherwise than the rival does */
export async function openBertkitEncoder(folder: string, { wide }: { wide: boolean }): Promise<BertkitEncoder> {
  const { config, sentence } = await inspectModel(folder);
  if (sentence.poolings.join() !== "mean" || !sentence.normalized) {
    throw new Error(`${folder}: the rival's vectors are mean-pooled, of length 1; this model's are not`);
  }
  const { bert, head, device } = await loadSentenceEncoder(folder, { device: "wasm", wide });
  return {
    device,
    vocabulary: config.vocabulary,
    async encode(batch) {
      using vectors = tidy(() => head.forward(bert.forward(batch)));
      return (await vectors.read()) as Float32Array;
    },
  };
}
