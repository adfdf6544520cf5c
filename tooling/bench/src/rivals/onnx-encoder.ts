import type { InferenceSession } from "onnxruntime-common";
import type { PaddedBatch } from "../encode/sentence-cases.js";
import { loadRival } from "./load-rival.js";

export type OnnxRuntime = typeof import("onnxruntime-common");

/** The packages that run ONNX files: native code, and WebAssembly. */
export type OnnxRuntimeName = "onnxruntime-node" | "onnxruntime-web";

/** A rival: a BERT exported to ONNX. */
export interface OnnxEncoder {
  /** Mean-pooled vectors of length 1, [texts, width] flat. */
  encode(batch: PaddedBatch): Promise<Float32Array>;
}

/**
 * Opens one of ONNX Runtime's packages with its defaults for so many threads. The WebAssembly one has its number of
 * threads from the first call in a process. Throws `Error` where it is not installed.
 */
export async function openSession(
  name: OnnxRuntimeName,
  model: string | Uint8Array,
  threads: number,
): Promise<{ readonly runtime: OnnxRuntime; readonly session: InferenceSession }> {
  const runtime = loadRival<OnnxRuntime>(name);
  if (name === "onnxruntime-web") runtime.env.wasm.numThreads = threads;
  const session = await runtime.InferenceSession.create(model as string, {
    ...(name === "onnxruntime-web" && { executionProviders: ["wasm"] }),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
  });
  return { runtime, session };
}

/** @throws Error where the package is not installed */
export async function openOnnxEncoder(name: OnnxRuntimeName, path: string, threads: number): Promise<OnnxEncoder> {
  const { runtime, session } = await openSession(name, path, threads);
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
