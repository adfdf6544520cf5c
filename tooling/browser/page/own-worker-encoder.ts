import type { OpenRequest } from "./page-program.js";

export type WorkerRequest =
  | { readonly open: OpenRequest }
  | { readonly texts: readonly string[] }
  | { readonly close: true };

export interface WorkerAnswer {
  readonly device?: string;
  readonly vectors?: readonly Float32Array[];
  readonly failure?: string;
}

/** In milliseconds. Chromium can leave a Worker behind that is terminated at the moment when those it started end. */
const threadsEndWithin = 1000;

/** An encoder in the page's own Worker, which answers one request after the other. */
export class OwnWorkerEncoder {
  readonly #worker: Worker;
  device = "";

  constructor() {
    this.#worker = new Worker(new URL("./own-worker.ts", import.meta.url), { type: "module" });
  }

  async open(request: OpenRequest): Promise<this> {
    this.device = (await this.#ask({ open: request })).device ?? "";
    return this;
  }

  async encode(texts: readonly string[]): Promise<readonly Float32Array[]> {
    return (await this.#ask({ texts })).vectors ?? [];
  }

  [Symbol.dispose](): void {
    this.#ask({ close: true })
      .finally(() => setTimeout(() => this.#worker.terminate(), threadsEndWithin))
      .catch(reportError);
  }

  #ask(request: WorkerRequest): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
        if (data.failure === undefined) resolve(data);
        else reject(new Error(data.failure));
      };
      this.#worker.onerror = ({ message }) => reject(new Error(`the page's Worker ended: ${message}`));
      this.#worker.postMessage(request);
    });
  }
}
