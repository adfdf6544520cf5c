import type { Backend } from "@bertkit/tensor";
import { type OpenBackendOptions, openBackend } from "./devices.js";

/** A backend that others may be using too: given back instead of closed. */
export interface SharedBackend extends Disposable {
  readonly backend: Backend;
}

interface Share {
  readonly opening: Promise<Backend>;
  users: number;
}

/** Open backends by the options they were opened with, so that a process has one pool of threads, not one a model. */
const shares = new Map<string, Share>();

/**
 * The backend that all users with the same options share; the last to dispose of it closes it. Throws as `openBackend`
 * does.
 */
export async function shareBackend({ device, wide, threads }: OpenBackendOptions): Promise<SharedBackend> {
  const key = JSON.stringify([device ?? "", wide ?? false, threads ?? 0]);
  const share = shares.get(key) ?? { opening: openBackend({ device, wide, threads }), users: 0 };
  shares.set(key, share);
  share.users++;
  let mine = true;
  const giveBack = (): boolean => {
    const isLast = mine && --share.users === 0;
    mine = false;
    if (isLast) shares.delete(key);
    return isLast;
  };
  try {
    const backend = await share.opening;
    return {
      backend,
      [Symbol.dispose]() {
        if (giveBack()) backend[Symbol.dispose]();
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}
