import type { ElementCodec } from "../elements.js";
import type { OutputForm, VectorFormName } from "../output-form.js";
import { compressedEncoder } from "./blocks.js";
import { delimitedEncoder } from "./delimited.js";
import { jsonlEncoder } from "./jsonl.js";
import { npyEncoder, rawEncoder } from "./npy.js";
import type { EncoderOrder, VectorEncoder } from "./vector-encoder.js";

/**
 * The encoder of a form, from its beginning or from where an interrupted run stood.
 * @throws {StateError} where that cannot be gone on with.
 */
export async function openEncoder(
  { name, compression }: OutputForm,
  codec: ElementCodec,
  order: EncoderOrder,
): Promise<VectorEncoder> {
  const encoder = await encoders[name](codec, order);
  return compression ? await compressedEncoder(encoder, compression, order) : encoder;
}

type MakeEncoder = (codec: ElementCodec, order: EncoderOrder) => VectorEncoder | Promise<VectorEncoder>;

const encoders: Readonly<Record<VectorFormName, MakeEncoder>> = {
  jsonl: jsonlEncoder,
  csv: (codec, order) => delimitedEncoder(codec, order, ","),
  tsv: (codec, order) => delimitedEncoder(codec, order, "\t"),
  parquet: async (codec, order) => (await import("./parquet.js")).parquetEncoder(codec, order),
  npy: npyEncoder,
  raw: rawEncoder,
};
