import type { ModelInfo } from "bertkit";
import type { CommonFlags, ModelFlags } from "../flags.js";
import { modelOf } from "../model-flag.js";
import { printText } from "../output/print-text.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { bytes } from "../terminal/show-bytes.js";

/** The flags of `bertkit quantize`. */
export interface QuantizeFlags extends CommonFlags, ModelFlags {
  /** The folder to write. */
  readonly output: string;
  readonly overwrite?: true;
}

/** Writes a model in int8, and says how much smaller its weights are. */
export async function quantize(named: string | undefined, flags: QuantizeFlags, signal: AbortSignal): Promise<void> {
  const model = named ?? (await modelOf(flags));
  const { output, overwrite } = flags;
  const { inspectModel, quantizeModel } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  const options = { ...download.options, signal };
  const before = await inspectModel(model, options);
  await quantizeModel(model, output, { ...options, overwrite });
  const after = await inspectModel(output, options);
  await printText(flags.json ? json(before, after, output) : sentence(before, after, output), signal);
}

const sentence = (before: ModelInfo, after: ModelInfo, folder: string): string =>
  `${folder}: ${before.model} in int8, ${bytes(before.bytes)} of weights are ${bytes(after.bytes)}\n`;

function json(before: ModelInfo, after: ModelInfo, folder: string): string {
  const { model, parameters } = before;
  const sizes = { bytesBefore: before.bytes, bytes: after.bytes };
  return `${JSON.stringify({ model, folder, precision: "int8", parameters, ...sizes }, null, 2)}\n`;
}
