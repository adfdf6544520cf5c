import type { LoadModelOptions } from "./load-model-options.js";
import { loadPipeline } from "./load-pipeline.js";
import { LocalSentenceEncoder } from "./local-sentence-encoder.js";
import type { VectorWishes } from "./sentence-settings.js";
import { loadInWorker } from "./worker/load-in-worker.js";
import type { WorkerSentenceEncoder } from "./worker/worker-sentence-encoder.js";

export interface LoadSentenceEncoderOptions extends VectorWishes, LoadModelOptions {
  /**
   * True: backend, model and tokenizer live in a worker, which all encoders that were loaded with the same device, wide
   * and threads share, and the thread that calls `encode` is never held. `backend` and `fetch` cannot go there.
   */
  readonly worker?: boolean | undefined;
}

/**
 * A sentence encoder from a model's folder, an archive of it, its weights with the rest beside them, the http(s) address
 * of any of these, or its name on the hub (`namespace/name@revision`, fetched into the cache where it isn't there);
 * where none is named, `BERTKIT_MODEL`, else `defaultModel`. The files are those of sentence-transformers, an encoder of
 * Hugging Face or a release of Google (then the mean of its tokens); docs/models.md lists all. Throws `HubError` for a
 * model that cannot be had, `ConfigError`, `TokenizerError`, `CheckpointError` or `CheckpointMismatchError` for files
 * that cannot be used, for a precision that is not to be had and for options that cannot go to a worker,
 * `UnsupportedError` for an absent device or where there are no workers, `WorkerEndedError` for a worker that died
 * meanwhile.
 */
export function loadSentenceEncoder(
  model: string | undefined,
  options: LoadSentenceEncoderOptions & { readonly worker: true },
): Promise<WorkerSentenceEncoder>;
export function loadSentenceEncoder(
  model?: string,
  options?: LoadSentenceEncoderOptions & { readonly worker?: false | undefined },
): Promise<LocalSentenceEncoder>;
export function loadSentenceEncoder(
  model?: string,
  options?: LoadSentenceEncoderOptions,
): Promise<LocalSentenceEncoder | WorkerSentenceEncoder>;
export async function loadSentenceEncoder(
  model?: string,
  options: LoadSentenceEncoderOptions = {},
): Promise<LocalSentenceEncoder | WorkerSentenceEncoder> {
  return options.worker ? loadInWorker(model, options) : new LocalSentenceEncoder(await loadPipeline(model, options));
}
