import { UnsupportedError } from "@bertkit/tensor";
import type { Port } from "./peer.js";

/** A worker of either kind, as the thread that started it sees it. */
export interface StartedWorker {
  readonly port: Port;
  terminate(): void;
}

/**
 * Starts the worker that encodes, in Node or in a page; `onEnd` hears why it ended, unless it was terminated. Throws
 * `UnsupportedError` where there are no workers.
 */
export function startWorker(onEnd: (reason: string, cause?: unknown) => void): StartedWorker {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (threads) return startThread(threads, onEnd);
  if (typeof Worker === "undefined") {
    throw new UnsupportedError("there are no workers here: load the model without worker: true");
  }
  // Bundlers look for an expression of exactly this form.
  const worker = new Worker(new URL("./sentence-worker.js", import.meta.url), { type: "module" });
  worker.onerror = (event) => onEnd(event.message || "its file could not be loaded", event.error);
  worker.onmessageerror = () => onEnd("a message could not be read");
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      listen: (receive) => worker.addEventListener("message", ({ data }) => receive(data)),
      hold: () => {},
    },
    terminate() {
      worker.onerror = null;
      worker.onmessageerror = null;
      setTimeout(() => worker.terminate(), poolEndsWithin);
    },
  };
}

/** Milliseconds. Chromium may keep a Worker, and the threads of its pool, that is terminated while those are ending. */
const poolEndsWithin = 1000;

type Threads = typeof import("node:worker_threads");

function startThread(threads: Threads, onEnd: (reason: string, cause?: unknown) => void): StartedWorker {
  // Not in the form that bundlers look for: a page has no use for it.
  const file = import.meta.url.replace(/[^/]*$/, "sentence-worker.js");
  // Without the process's own flags, some of which, such as --input-type, no file can be started with.
  const worker = new threads.Worker(new URL(file), { env: threads.SHARE_ENV, execArgv: [] });
  let isWanted = true;
  let failure: Error | undefined;
  worker.on("error", (error) => {
    failure = error;
  });
  worker.on("messageerror", (error) => {
    failure = error;
    void worker.terminate();
  });
  worker.on("exit", (status) => {
    if (isWanted) onEnd(failure?.message ?? `its exit code is ${status}`, failure);
  });
  // Whoever waits for an answer holds it; a process that waits for none may end.
  worker.unref();
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, transfer as readonly ArrayBuffer[]),
      listen: (receive) => worker.on("message", receive),
      hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    },
    terminate() {
      isWanted = false;
      void worker.terminate();
    },
  };
}
