import type { Backend } from "@bertkit/tensor";
import { type OpenBackendOptions, openBackend } from "./devices.js";
import { type Shared, Shares } from "./shares.js";

/** A process has one pool of threads, not one a model: that is why these outlive a call. */
const backends = new Shares<Backend>();

/** The backend that all who want these options share. Throws as `openBackend` does. */
export function shareBackend(options: OpenBackendOptions): Promise<Shared<Backend>> {
  return backends.take(backendWish(options), () => openBackend(options));
}

/** The same text for options that `openBackend` takes for the same. */
export const backendWish = ({ device, wide, threads }: OpenBackendOptions): string =>
  `${device}, ${wide ?? false}, ${threads}`;
