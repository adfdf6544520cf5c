import type { LoadModelOptions } from "bertkit";
import type { CommonFlags, ComputeFlags } from "../flags.js";
import { modelOf } from "../model-flag.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { note } from "../terminal/notices.js";

/** What every task's model has. */
export interface OpenModel extends Disposable {
  readonly device: string;
  readonly maxLength: number;
}

/** Loads the model that the flags name, saying what is fetched. */
export async function openTaskModel<Model extends OpenModel>(
  flags: CommonFlags & ComputeFlags,
  signal: AbortSignal,
  load: (model: string, options: LoadModelOptions) => Promise<Model>,
): Promise<Model> {
  const name = await modelOf(flags);
  const { device, threads, precision, maxLength } = flags;
  await using download = new DownloadDisplay(flags);
  // This process is ours, and nothing else in it compiles WebAssembly; BERTKIT_WIDE=0 forbids it.
  const options = { ...download.options, device, threads, wide: true, precision, maxLength, signal };
  const model = await load(name, options);
  if (flags.verbose) note(`${name} on ${model.device}, sequences of up to ${model.maxLength} tokens`);
  return model;
}
