import { convertModel } from "./conversion/convert-model.js";
import type { DownloadOptions } from "./download-options.js";

export interface QuantizeModelOptions extends DownloadOptions {
  /** Whether to replace a folder that is there and holds nothing but such files. Default false: it is refused. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a model (named as for `loadSentenceEncoder`) in int8: `convertModel` to safetensors of that precision. The
 * folder has every file that a sentence encoder needs, its weights as docs/int8.md describes, a quarter as large. It
 * loads by its path, with vectors equal to the bit to those of the model loaded with `precision: "int8"`; the heads of
 * its architecture go with it in float32. Throws as `convertModel` does. Node only.
 */
export async function quantizeModel(
  model: string | undefined,
  folder: string,
  { overwrite, ...options }: QuantizeModelOptions = {},
): Promise<void> {
  await convertModel(model, folder, { ...options, precision: "int8", overwrite });
}
