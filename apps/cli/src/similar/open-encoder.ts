import type { Backend, PoolingMode, SentenceEncoder } from "bertkit";
import type { CommonFlags, ComputeFlags } from "../flags.js";
import { modelOf } from "../model-flag.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { note } from "../terminal/notices.js";

/** A model, by the name that messages call it, and the device that it computes on, both to be closed. */
export interface OpenEncoder extends Disposable {
  readonly name: string;
  readonly encoder: SentenceEncoder;
  readonly backend: Backend;
}

/** The flags that say which encoder, and what its vectors are. */
export interface EncoderFlags extends CommonFlags, ComputeFlags {
  readonly pooling?: PoolingMode;
  readonly dimensions?: number;
}

/** Loads the model that the flags name, on a device that can be used for products of vectors too. */
export async function openEncoder(flags: EncoderFlags, signal: AbortSignal): Promise<OpenEncoder> {
  const name = await modelOf(flags);
  const { loadSentenceEncoder, openBackend } = await import("bertkit");
  const { device, threads, precision, pooling, dimensions, maxLength } = flags;
  // This process is ours, and nothing else in it compiles WebAssembly; BERTKIT_WIDE=0 forbids it.
  const backend = await openBackend({ device, threads, wide: true });
  try {
    await using download = new DownloadDisplay(flags);
    const options = { backend, precision, pooling, dimensions, maxLength, signal, ...download.options };
    const encoder = await loadSentenceEncoder(name, options);
    if (flags.verbose) note(`${name} on ${encoder.device}, vectors of ${encoder.width}`);
    const close = (): void => {
      encoder[Symbol.dispose]();
      backend[Symbol.dispose]();
    };
    return { name, encoder, backend, [Symbol.dispose]: close };
  } catch (error) {
    backend[Symbol.dispose]();
    throw error;
  }
}
