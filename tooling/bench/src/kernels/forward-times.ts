import { tidy } from "@bertkit/tensor";
import { loadSentenceEncoder, openBackend } from "bertkit";
import { idsFor, packed, sentenceCases } from "../encode/sentence-cases.js";
import { median } from "../statistics.js";
import type { ForwardTimes, KernelsInput } from "./kernels-result.js";
import { type KernelTime, timedBackend } from "./timed-backend.js";

const { lengths } = sentenceCases.find(({ key }) => key === "8x128")!;

/** Medians over the rounds, in each precision, on our widest path. */
export async function forwardTimes({
  model,
  threads,
  precisions,
  warmUp,
  rounds,
}: KernelsInput): Promise<ForwardTimes[]> {
  const results: ForwardTimes[] = [];
  for (const precision of precisions) {
    using inner = await openBackend({ device: "wasm", wide: true, threads });
    const { backend, takeTimes } = timedBackend(inner);
    const options = { backend, precision };
    using encoder = await loadSentenceEncoder(model, options);
    const { encoder: bert, head } = encoder;
    const batch = packed(idsFor({ lengths }, bert.config.vocabulary));
    const totals: number[] = [];
    const passes: KernelTime[][] = [];
    for (let round = -warmUp; round < rounds; round++) {
      takeTimes();
      const begin = performance.now();
      using vectors = tidy(() => head.forward(bert.forward(batch)));
      await vectors.read();
      const total = performance.now() - begin;
      if (round < 0) continue;
      totals.push(total);
      passes.push(takeTimes());
    }
    results.push({ backend: backend.name, precision, total: median(totals), kernels: mediansOf(passes) });
  }
  return results;
}

/** Of each kernel over the passes, the longest first; every pass calls the same kernels. */
function mediansOf(passes: readonly (readonly KernelTime[])[]): KernelTime[] {
  return passes[0]!
    .map(({ kernel, calls }) => ({
      kernel,
      calls,
      milliseconds: median(passes.map((pass) => pass.find((time) => time.kernel === kernel)?.milliseconds ?? 0)),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
