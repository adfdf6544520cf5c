import type { PackedBatch } from "@bertkit/layers";
import { tidy } from "@bertkit/tensor";
import { inspectModel, loadSentenceEncoder } from "bertkit";
import type { Precision } from "./precision.js";
import type { TextEncoder } from "./rivals/text-encoder.js";

/** How we are to compute. */
export interface Computing {
  readonly precision: Precision;
  readonly threads: number;
  /** Whether operations of 256 bits are allowed. */
  readonly wide: boolean;
}

/** Our side without the tokenizer, so that it starts where an ONNX file does: at token ids. */
export interface BertkitEncoder extends Disposable {
  /** The backend's name. */
  readonly device: string;
  readonly vocabulary: number;
  /** Mean-pooled vectors of length 1, [texts, width] flat. */
  encode(batch: PackedBatch): Promise<Float32Array>;
}

/** @throws Error for a model that pools otherwise than the rivals do */
export async function openBertkitEncoder(folder: string, computing: Computing): Promise<BertkitEncoder> {
  const { config, sentence } = await inspectModel(folder);
  if (sentence.poolings.join() !== "mean" || !sentence.normalized) {
    throw new Error(`${folder}: the rivals' vectors are mean-pooled, of length 1; this model's are not`);
  }
  const encoder = await loadSentenceEncoder(folder, { device: "wasm", ...computing });
  const { encoder: bert, head, device } = encoder;
  return {
    device,
    vocabulary: config.vocabulary,
    async encode(batch) {
      using vectors = tidy(() => head.forward(bert.forward(batch)));
      return (await vectors.read()) as Float32Array;
    },
    [Symbol.dispose]: () => encoder[Symbol.dispose](),
  };
}

/** Our side as people use it: texts in, vectors out. Its name is the backend's. */
export async function openBertkitTexts(folder: string, computing: Computing): Promise<TextEncoder> {
  const encoder = await loadSentenceEncoder(folder, { device: "wasm", ...computing });
  return {
    name: encoder.device,
    async encode(texts) {
      const begin = performance.now();
      const vectors = await encoder.encode(texts);
      return { time: performance.now() - begin, vectors };
    },
    async close() {
      encoder[Symbol.dispose]();
    },
  };
}
