import { dirname, resolve } from "node:path";
import { modelName } from "../model-files.js";
import type { Precision } from "../precision.js";
import { loadRival } from "./load-rival.js";
import type { TextEncoder } from "./text-encoder.js";

/** What we use of @huggingface/transformers. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(task: "feature-extraction", model: string, options: PipelineOptions): Promise<FeatureExtraction>;
}

interface PipelineOptions {
  readonly dtype: "fp32" | "int8";
  readonly device: "cpu";
  readonly session_options: { readonly intraOpNumThreads: number; readonly interOpNumThreads: number };
}

interface FeatureExtraction {
  (
    texts: readonly string[],
    options: { readonly pooling: "mean"; readonly normalize: true },
  ): Promise<{ readonly data: Float32Array; readonly dims: readonly [number, number] }>;
  dispose(): Promise<unknown>;
}

/**
 * transformers.js from texts to vectors, with its own padding, over onnxruntime-node.
 * @throws Error where it is not installed
 */
export async function openTransformersJs(folder: string, precision: Precision, threads: number): Promise<TextEncoder> {
  const { env, pipeline } = loadRival<TransformersJs>("@huggingface/transformers");
  env.allowRemoteModels = false;
  env.localModelPath = dirname(resolve(folder));
  const extract = await pipeline("feature-extraction", modelName(folder), {
    dtype: precision === "int8" ? "int8" : "fp32",
    device: "cpu",
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  });
  return {
    name: "transformers.js",
    async encode(texts) {
      const begin = performance.now();
      const { data, dims } = await extract(texts, { pooling: "mean", normalize: true });
      const time = performance.now() - begin;
      const width = dims[1];
      return { time, vectors: texts.map((_, i) => data.subarray(i * width, (i + 1) * width)) };
    },
    async close() {
      await extract.dispose();
    },
  };
}
