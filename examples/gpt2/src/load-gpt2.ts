import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import type { Backend } from "@bertkit/tensor";
import { Gpt2 } from "./gpt2.js";
import { gpt2Names, unstacked } from "./gpt2-weights.js";

/** A GPT-2 from its folder: config.json and model.safetensors, as Hugging Face has them. */
export async function loadGpt2(folder: string, backend: Backend): Promise<Gpt2> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  const model = new Gpt2({
    vocabulary: config.vocab_size,
    width: config.n_embd,
    heads: config.n_head,
    blocks: config.n_layer,
    positions: config.n_positions,
    epsilon: config.layer_norm_epsilon,
    dropoutRate: config.resid_pdrop,
  });
  await using weights = unstacked(await openCheckpoint(folder));
  await model.load(weights, backend, { names: gpt2Names(weights) });
  return model;
}
