import { dirname, resolve } from "node:path";
import { modelName } from "../model-files.js";
import type { Precision } from "../precision.js";
import { loadRival } from "../rivals/load-rival.js";

/** What we use of @huggingface/transformers. */
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly Tensor: new (type: "int64", values: BigInt64Array, shape: readonly number[]) => TensorOfTheirs;
  pipeline(task: "feature-extraction", model: string, options: { readonly dtype: "fp32" | "q8" }): Promise<Pipeline>;
}

interface TensorOfTheirs {
  readonly data: ArrayLike<number | bigint>;
}

type Inputs = Readonly<Record<"input_ids" | "attention_mask" | "token_type_ids", TensorOfTheirs>>;

interface Pipeline {
  tokenizer(texts: readonly string[], options: { readonly truncation: true; readonly max_length: number }): Inputs;
  model(inputs: Inputs): Promise<{ readonly sentence_embedding: { readonly data: Float32Array } }>;
  dispose(): Promise<unknown>;
}

/** A sentence encoder's ONNX model in transformers.js, a text at a time. */
export interface TransformersJsModel {
  /** What its own tokenizer makes of a text. */
  idsOf(text: string, maxLength: number): number[];
  /** The model's `sentence_embedding`. */
  vectorOf(ids: ArrayLike<number>): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a folder as it is, by the names that it looks for. Throws `Error` where transformers.js is not installed. */
export async function openTransformersJsModel(folder: string, precision: Precision): Promise<TransformersJsModel> {
  const { env, Tensor, pipeline } = loadRival<TransformersJs>("@huggingface/transformers");
  env.allowRemoteModels = false;
  env.localModelPath = dirname(resolve(folder));
  const opened = await pipeline("feature-extraction", modelName(folder), {
    dtype: precision === "int8" ? "q8" : "fp32",
  });
  return {
    idsOf(text, maxLength) {
      const { input_ids } = opened.tokenizer([text], { truncation: true, max_length: maxLength });
      return Array.from(input_ids.data, Number);
    },
    async vectorOf(ids) {
      const tensor = (values: ArrayLike<number>) =>
        new Tensor("int64", BigInt64Array.from(Array.from(values), BigInt), [1, values.length]);
      const zeros = Array.from(ids, () => 0);
      const { sentence_embedding: vector } = await opened.model({
        input_ids: tensor(ids),
        attention_mask: tensor(zeros.map(() => 1)),
        token_type_ids: tensor(zeros),
      });
      return vector.data;
    },
    async close() {
      await opened.dispose();
    },
  };
}
