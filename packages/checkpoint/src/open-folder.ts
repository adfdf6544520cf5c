import type { ByteSource } from "./bytes/byte-source.js";
import { CheckpointError } from "./checkpoint-error.js";
import type { CheckpointSource } from "./checkpoint-source.js";
import { openFile, type ReadFileOptions } from "./formats.js";
import type { Place } from "./place.js";
import { latestCheckpoint } from "./tensorflow/latest-checkpoint.js";

/** A file to open, and where it is. */
export interface FoundFile {
  readonly place: Place;
  readonly bytes: ByteSource;
}

// In the order in which Hugging Face's transformers looks. Most folders have the first; on the web the others are asked
// for at once.
const mostLikely = "model.safetensors";
const beforeTensorFlow = ["model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];
const afterTensorFlow = "model.npz";
const lookedFor = [
  ...[mostLikely, ...beforeTensorFlow],
  ...["a TensorFlow checkpoint (bert_model.ckpt.index)", afterTensorFlow],
];

/**
 * Opens the checkpoint in a model's folder.
 *
 * @throws CheckpointError `missing`, with all that was looked for, where there is none.
 */
export async function openFolder(folder: Place, options: ReadFileOptions): Promise<CheckpointSource> {
  const { signal } = options;
  const find = (fileName: string) => (stop: AbortSignal) => findFile(folder.child(fileName), stop);
  const found =
    (await findFile(folder.child(mostLikely), signal)) ??
    (await firstFound(
      [...beforeTensorFlow.map(find), (stop) => findTensorFlow(folder, stop), find(afterTensorFlow)],
      signal,
    ));
  if (found !== undefined) return openFile(found.place, found.bytes, options);
  throw new CheckpointError("missing", `${folder.label} has none of ${lookedFor.join(", ")}`);
}

/** The bytes of a file, or undefined where there is none. */
export async function openIfThere(place: Place, signal?: AbortSignal): Promise<ByteSource | undefined> {
  return place.open(signal).catch((error: unknown) => {
    if (error instanceof CheckpointError && error.code === "missing") return undefined;
    throw error;
  });
}

type Find = (signal: AbortSignal) => Promise<FoundFile | undefined>;

/** Looks for all at once, and takes the first in their order that is there; the others are stopped or closed. */
async function firstFound(finds: readonly Find[], signal: AbortSignal | undefined): Promise<FoundFile | undefined> {
  const enough = new AbortController();
  const stop = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
  const searches = finds.map((find) => find(stop));
  const all = Promise.allSettled(searches);
  let taken: FoundFile | undefined;
  try {
    for (const search of searches) {
      taken = await search;
      if (taken !== undefined) return taken;
    }
    return undefined;
  } finally {
    enough.abort();
    // What becomes of the others, be it an error, is no part of the answer.
    all.then((results) => results.map((result) => closeUnless(taken, result)));
  }
}

async function closeUnless(taken: FoundFile | undefined, result: PromiseSettledResult<FoundFile | undefined>) {
  if (result.status === "fulfilled" && result.value !== taken) await result.value?.bytes.close();
}

async function findFile(place: Place, signal: AbortSignal | undefined): Promise<FoundFile | undefined> {
  const bytes = await openIfThere(place, signal);
  return bytes && { place, bytes };
}

async function findTensorFlow(folder: Place, signal: AbortSignal): Promise<FoundFile | undefined> {
  const place = await latestCheckpoint(folder, signal);
  return place && { place, bytes: await place.open(signal) };
}
