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

// In the order in which Hugging Face's transformers looks.
const beforeTensorFlow = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];
const afterTensorFlow = ["model.npz"];
const lookedFor = [...beforeTensorFlow, "a TensorFlow checkpoint (bert_model.ckpt.index)", ...afterTensorFlow];

/**
 * Opens the checkpoint in a model's folder.
 *
 * @throws CheckpointError `missing`, with all that was looked for, where there is none.
 */
export async function openFolder(folder: Place, options: ReadFileOptions): Promise<CheckpointSource> {
  const { signal } = options;
  const found =
    (await findFirst(folder, beforeTensorFlow, signal)) ??
    (await findTensorFlow(folder, signal)) ??
    (await findFirst(folder, afterTensorFlow, signal));
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

async function findFirst(
  folder: Place,
  fileNames: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FoundFile | undefined> {
  for (const fileName of fileNames) {
    const place = folder.child(fileName);
    const bytes = await openIfThere(place, signal);
    if (bytes !== undefined) return { place, bytes };
  }
  return undefined;
}

async function findTensorFlow(folder: Place, signal: AbortSignal | undefined): Promise<FoundFile | undefined> {
  const place = await latestCheckpoint(folder, signal);
  return place && { place, bytes: await place.open(signal) };
}
