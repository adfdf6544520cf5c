import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "@bertkit/checkpoint";
import { vectorsIn } from "../agreement.js";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

/** A model with texts, and the vectors that sentence-transformers has for them. */
export interface GoldenVectors {
  /** The model's folder. */
  readonly model: string;
  readonly texts: readonly string[];
  /** Of length 1. */
  readonly vectors: readonly Float32Array[];
  /** Tokens at most, special tokens included. */
  readonly maxLength: number;
}

/**
 * all-MiniLM-L6-v2 and its golden vectors, from `BERTKIT_DATA` or `../shared/data` beside the repository. Throws
 * `Error` where they are not there.
 */
export async function goldenVectors(): Promise<GoldenVectors> {
  const data = resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data");
  const goldens = join(data, "goldens/minilm");
  try {
    const { texts } = JSON.parse(readFileSync(join(goldens, "texts.json"), "utf8")) as { texts: string[] };
    await using source = await openCheckpoint(join(goldens, "embeddings.safetensors"));
    const flat = Float32Array.from(await source.read("embeddings"));
    const model = join(data, "checkpoints/all-MiniLM-L6-v2");
    return { model, texts, vectors: vectorsIn(flat, texts.length), maxLength: 256 };
  } catch (cause) {
    throw new Error(`no golden vectors at ${goldens}: BERTKIT_DATA names the folder that has goldens/minilm`, {
      cause,
    });
  }
}
