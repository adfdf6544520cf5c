import type { FetchPlan, FetchProgress, HubOptions, Retry } from "@bertkit/hub";

/** What is about to be downloaded: files, their sizes, where from and where to. */
export type DownloadPlan = FetchPlan;

/** How much of a plan's bytes is there. */
export type DownloadProgress = FetchProgress;

/** A request that failed in a way that may pass, and when it is made again. */
export type DownloadRetry = Retry;

/** How a model that is named is had. For folders and addresses only `signal` matters. */
export interface DownloadOptions extends HubOptions {
  /** Whether to ask the hub for a newer version although the cache has one. */
  readonly refresh?: boolean | undefined;
  /** Instead of the global `fetch`, for requests of the hub. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what will be downloaded before it is. By default, in Node, a sentence on stderr says it. */
  readonly onDownload?: ((plan: DownloadPlan) => void) | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Told when a request failed in a way that may pass, before the pause and the next try. */
  readonly onRetry?: ((retry: DownloadRetry) => void) | undefined;
}

/** Says on stderr what will be downloaded; nowhere in browsers. */
export function announceDownload({ name, revision, files, bytes, endpoint, place, damaged }: DownloadPlan): void {
  const model = revision === "main" ? name : `${name}@${revision}`;
  const what = files.length === 1 ? `${files[0]?.path} of ${model}` : `${files.length} files of ${model}`;
  const why = damaged.length > 0 ? ` (${damaged.join(", ")} in the cache had changed)` : "";
  globalThis.process?.stderr?.write(
    `bertkit: fetching ${what}, ${sizeInWords(bytes)}, from ${endpoint} into ${place}${why}\n`,
  );
}

function sizeInWords(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
