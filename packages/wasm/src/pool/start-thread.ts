import type { Worker as NodeWorker } from "node:worker_threads";

/** What a thread needs to begin. */
export interface ThreadStart {
  readonly kernels: WebAssembly.Module;
  readonly hot?: WebAssembly.Module | undefined;
  readonly memory: WebAssembly.Memory;
  /** Its number; the caller of the pool is 0. */
  readonly thread: number;
  readonly spins: number;
}

export interface Thread {
  /** Ends it, wherever it is; resolves when it has ended. */
  end(): Promise<unknown>;
}

/** Starts a thread; `onEnd` is called when it ends by itself. */
export type StartThread = (start: ThreadStart, onEnd: () => void) => Thread;

/** How threads are started in one kind of place. */
export interface ThreadStarter {
  readonly startThread: StartThread;
  /** Milliseconds of work that is better done alone before. */
  readonly startAfter: number;
}

/*
 * All that a thread does is in the module; what is left for JavaScript is small enough for a string, so that no bundler
 * has to know of it.
 */
const work = `({ kernels, hot, memory, thread, spins }) => {
  const instance = (module, imports) => new WebAssembly.Instance(module, { env: { memory, ...imports } }).exports;
  instance(kernels, hot && instance(hot)).work(thread, spins);
}`;

/** How threads are started here: undefined where they cannot be, or may not wait for one another. */
export async function findThreadStarter(): Promise<ThreadStarter | undefined> {
  if (typeof SharedArrayBuffer === "undefined") return undefined;
  return nodeStarter() ?? (await pageStarter());
}

function nodeStarter(): ThreadStarter | undefined {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (process?.release?.name !== "node") return undefined;
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const source = `(${work})(process.getBuiltinModule("node:worker_threads").workerData)`;
  const startThread: StartThread = (start, onEnd) => {
    const worker: NodeWorker = new Worker(source, {
      eval: true,
      workerData: start,
      execArgv: [],
      name: "bertkit",
      // A thread keeps no JavaScript: what it computes is in the shared memory.
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
    });
    // Neither an idle pool nor a busy one, whose caller is busy itself, keeps the process alive.
    worker.unref();
    worker.on("error", () => {});
    worker.on("exit", onEnd);
    return { end: () => worker.terminate() };
  };
  // They take as long to start, and some megabytes each.
  return { startThread, startAfter: 20 };
}

/** In pages only inside a worker, as the main thread may not block, and only where the page is isolated. */
async function pageStarter(): Promise<ThreadStarter | undefined> {
  const scope = globalThis as { WorkerGlobalScope?: unknown; crossOriginIsolated?: boolean };
  if (scope.WorkerGlobalScope === undefined || scope.crossOriginIsolated !== true) return undefined;
  if (!(await allowsWorkersFromText())) return undefined;
  const startThread: StartThread = (start, onEnd) => {
    const worker = workerFromText(`onmessage = ({ data }) => {\n  (${work})(data);\n  close();\n}`);
    worker.onerror = onEnd;
    worker.postMessage(start);
    return {
      async end() {
        worker.terminate();
      },
    };
  };
  // At once: a thread that is still starting when its page leaves may outlive it.
  return { startThread, startAfter: 0 };
}

/** Longer than a worker takes to start, in milliseconds. */
const startsWithin = 2000;

/** A page's security policy may forbid them, which shows only when one is tried. */
async function allowsWorkersFromText(): Promise<boolean> {
  try {
    const worker = workerFromText("postMessage(true)");
    const started = await new Promise<boolean>((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
      setTimeout(resolve, startsWithin, false);
    });
    worker.terminate();
    return started;
  } catch {
    return false;
  }
}

function workerFromText(source: string): Worker {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(address, { name: "bertkit" });
  } finally {
    // The worker has what it stands for (HTML standard, "blob URL entry"), and nobody else needs it.
    URL.revokeObjectURL(address);
  }
}
