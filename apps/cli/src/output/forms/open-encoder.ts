import type { ElementCodec } from "../elements.js";
import type { OutputForm } from "../output-form.js";
import { jsonlEncoder } from "./jsonl.js";
import { npyEncoder, rawEncoder } from "./npy.js";
import type { EncoderOrder, VectorEncoder } from "./vector-encoder.js";

/**
 * The encoder of a form, from its beginning or from where an interrupted run stood.
 * @throws {StateError} where that cannot be gone on with.
 */
export async function openEncoder(
  { name }: OutputForm,
  codec: ElementCodec,
  order: EncoderOrder,
): Promise<VectorEncoder> {
  switch (name) {
    case "jsonl":
      return jsonlEncoder(codec, order);
    case "npy":
      return npyEncoder(codec);
    case "raw":
      return rawEncoder();
    default:
      throw new Error(`${name} is not written yet`);
  }
}
