import { loadSentenceEncoder } from "bertkit";
import type { WorkerAnswer, WorkerRequest } from "./own-worker-encoder.js";

// A Worker as a page's author would write one: it imports bertkit, and speaks with its page about texts and vectors.

let encoder: Awaited<ReturnType<typeof loadSentenceEncoder>> | undefined;

addEventListener("message", async ({ data }: MessageEvent<WorkerRequest>) => {
  try {
    postMessage(await answer(data));
  } catch (error) {
    postMessage({ failure: String(error) } satisfies WorkerAnswer);
  }
});

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  if ("open" in request) {
    const { model, threads } = request.open;
    encoder = await loadSentenceEncoder(model, { threads });
    return { device: encoder.device };
  }
  if ("texts" in request) return { vectors: (await encoder?.encode(request.texts)) ?? [] };
  encoder?.[Symbol.dispose]();
  return {};
}
