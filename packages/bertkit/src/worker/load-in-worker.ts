import type { HubError } from "@bertkit/hub";
import { ConfigError } from "@bertkit/layers";
import { modelOr } from "../default-model.js";
import { announceDownload, type DownloadOptions } from "../download-options.js";
import type { LoadSentenceEncoderOptions } from "../load-sentence-encoder.js";
import { orAborted } from "../or-aborted.js";
import { unpackError } from "./packed-error.js";
import type { DownloadEvent } from "./protocol.js";
import { shareWorker } from "./worker-link.js";
import { WorkerSentenceEncoder } from "./worker-sentence-encoder.js";

/** Loads a sentence encoder in a worker. Throws as `loadSentenceEncoder` does. */
export async function loadInWorker(
  model: string | undefined,
  options: LoadSentenceEncoderOptions,
): Promise<WorkerSentenceEncoder> {
  const { worker: _, backend, fetch, signal, onDownload, onProgress, onRetry, ...plain } = options;
  const problems = Object.entries({ backend, fetch }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} cannot be given to a worker: leave it out, or load without worker: true`],
  );
  if (problems.length > 0) throw new ConfigError("worker", problems);
  signal?.throwIfAborted();
  const shared = await shareWorker(plain);
  const link = shared.resource;
  const load = link.nextNumber();
  const stop = new AbortController();
  const follow = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", follow);
  link.listeners.set(load, (event) => tell(event, { onDownload, onProgress, onRetry }, stop));
  const loading = link.peer.call("load", { load, model: modelOr(model), options: plain });
  const opened = loading.then((loaded) => new WorkerSentenceEncoder(loaded, shared));
  opened.catch(() => shared[Symbol.dispose]());
  try {
    return await orAborted(opened, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      link.peer.call("stopLoading", load).catch(() => {});
      opened.then((late) => late[Symbol.dispose]()).catch(() => {});
    }
    throw error;
  } finally {
    signal?.removeEventListener("abort", follow);
    link.listeners.delete(load);
  }
}

type Callbacks = Pick<DownloadOptions, "onDownload" | "onProgress" | "onRetry">;

/** Calls the caller's function for an event; what it throws stops the loading, as it would without a worker. */
function tell(
  happened: DownloadEvent,
  { onDownload = announceDownload, onProgress, onRetry }: Callbacks,
  stop: AbortController,
): void {
  try {
    if (happened.kind === "download") onDownload(happened.event);
    else if (happened.kind === "progress") onProgress?.(happened.event);
    else onRetry?.({ ...happened.event, failure: unpackError(happened.event.failure) as HubError });
  } catch (error) {
    stop.abort(error);
  }
}
