import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import { sliceRows, tidy } from "@bertkit/tensor";
import { type Device, openBackend } from "bertkit";
import type { Gpt2 } from "./gpt2.js";
import { loadGpt2 } from "./load-gpt2.js";

/** Goes on with `ids`, `count` times by the likeliest token. @returns the new ones */
export async function write(model: Gpt2, ids: readonly number[], count: number): Promise<number[]> {
  const written = [...ids];
  while (written.length < ids.length + count) {
    using logits = tidy(() => {
      const hidden = model.forward(sequence(written));
      return model.logits(sliceRows(hidden, written.length - 1, written.length));
    });
    written.push(indexOfLargest(await logits.read()));
  }
  return written.slice(ids.length);
}

const sequence = (ids: readonly number[]) => ({
  ids: Int32Array.from(ids),
  positions: Int32Array.from(ids.keys()),
  offsets: Int32Array.of(0, ids.length),
});

const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, i, all) => (value > all[best]! ? i : best), 0);

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const [folder, ids, device] = argv.slice(2);
  if (!folder || !ids)
    throw new Error("name a folder and token ids: node dist/write.js FOLDER 464,3290 [wasm|reference]");
  using backend = await openBackend({ device: device as Device | undefined });
  using model = (await loadGpt2(folder, backend)).freeze().prepare();
  console.log((await write(model, ids.split(",").map(Number), 20)).join(","));
}
