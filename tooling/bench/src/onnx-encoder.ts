import { createRequire } from "node:module";
import type { InferenceSession } from "onnxruntime-common";
import type { PaddedBatch } from "./sentence-cases.js";

type OnnxRuntime = typeof import("onnxruntime-common");

/** The rival: a BERT exported to ONNX, in onnxruntime-node. */
export interface OnnxEncoder {
  /** Mean-pooled vectors of length 1, [texts, width] flat. */
  encode(batch: PaddedBatch): Promise<Float32Array>;
}

/** @throws Error where onnxruntime-node is not installed, with the command that installs it */
export async function openOnnxEncoder(path: string, threads: number): Promise<OnnxEncoder> {
  const runtime = loadRuntime();
  const session = await runtime.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
  });
  return { encode: (batch) => encode(runtime, session, batch) };
}

async function encode(
  { Tensor }: OnnxRuntime,
  session: InferenceSession,
  { ids, mask, typeIds, texts, length }: PaddedBatch,
): Promise<Float32Array> {
  const feed = (values: BigInt64Array) => new Tensor("int64", values, [texts, length]);
  const feeds = { input_ids: feed(ids), attention_mask: feed(mask), token_type_ids: feed(typeIds) };
  const { last_hidden_state: hidden } = await session.run(feeds);
  if (!hidden)
    throw new Error(`the ONNX model has no output last_hidden_state, only ${session.outputNames.join(", ")}`);
  return meanOfUnitLength(hidden.data as Float32Array, mask, length);
}

/** hidden [texts, length, width], mask [texts, length] → [texts, width] */
function meanOfUnitLength(hidden: Float32Array, mask: BigInt64Array, length: number): Float32Array {
  const texts = mask.length / length;
  const width = hidden.length / mask.length;
  const vectors = new Float32Array(texts * width);
  for (let text = 0; text < texts; text++) {
    const vector = vectors.subarray(text * width, (text + 1) * width);
    for (let row = text * length; row < (text + 1) * length; row++) {
      if (mask[row] === 0n) continue;
      for (let i = 0; i < width; i++) vector[i]! += hidden[row * width + i]!;
    }
    // The mean points where the sum does, and only that is left at length 1.
    let squares = 0;
    for (let i = 0; i < width; i++) squares += vector[i]! ** 2;
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < width; i++) vector[i]! *= scale;
  }
  return vectors;
}

function loadRuntime(): OnnxRuntime {
  try {
    return createRequire(new URL("../rivals/package.json", import.meta.url))("onnxruntime-node") as OnnxRuntime;
  } catch (cause) {
    throw new Error("onnxruntime-node is not there: `npm run rivals` in tooling/bench installs it", { cause });
  }
}
