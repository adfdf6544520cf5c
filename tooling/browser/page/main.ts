import { loadSentenceEncoder } from "bertkit";
import { OwnWorkerEncoder } from "./own-worker-encoder.js";
import type { OpenRequest } from "./page-program.js";
import { readChosen } from "./read-chosen.js";
import { watchFrames } from "./watch-frames.js";

interface Encoder extends Disposable {
  readonly device: string;
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>;
}

let encoder: Encoder | undefined;

function openEncoder(request: OpenRequest): Promise<Encoder> {
  const { model, place, threads } = request;
  if (place === "own worker") return new OwnWorkerEncoder().open(request);
  const options = { threads, worker: place === "worker" };
  return loadSentenceEncoder(model, options);
}

globalThis.program = {
  readChosen,
  async open(request) {
    encoder = await openEncoder(request);
    return encoder.device;
  },
  async encode(texts) {
    const [vectors, watched] = await watchFrames(async () => (await encoder?.encode(texts)) ?? []);
    return { vectors: vectors.map((vector) => Array.from(vector)), ...watched };
  },
  close() {
    encoder?.[Symbol.dispose]();
    encoder = undefined;
  },
  async hold(milliseconds) {
    const [, watched] = await watchFrames(async () => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    });
    return watched;
  },
};
