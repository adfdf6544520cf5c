import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inChild } from "../in-child.js";
import { interleave, type Rounds } from "../interleave.js";
import { summarize } from "../statistics.js";
import type { LoadInput } from "./run-load.js";
import { libraries } from "./sides.js";
import type { LoadRun } from "./tokenizer-result.js";
import type { TokenizerName } from "./write-tokenizers.js";

const loads: readonly { readonly title: string; readonly tokenizer: TokenizerName; readonly wanted: number }[] = [
  { title: "bert-base-uncased", tokenizer: "uncased", wanted: 60 },
  { title: "bert-base-multilingual-cased", tokenizer: "multilingual", wanted: 150 },
];

/** From a tokenizer.json to the first ids, each time in a new process, the libraries in turn. */
export async function measureLoads(tokenizers: string, rounds: Rounds): Promise<LoadRun[]> {
  const runs: LoadRun[] = [];
  for (const { title, tokenizer, wanted } of loads) {
    const folder = join(tokenizers, tokenizer);
    const samples = await interleave(
      libraries.map(({ name }, library) => ({
        name,
        measure: () => inChild<number>("tokenizer/run-load.js", { library, folder } satisfies LoadInput),
      })),
      rounds,
    );
    const sides = libraries.map(({ name }) => ({ name, milliseconds: summarize(samples.get(name)!) }));
    runs.push({ title, tokens: await tokensIn(folder), sides, wanted });
  }
  return runs;
}

async function tokensIn(folder: string): Promise<number> {
  const { model } = JSON.parse(await readFile(join(folder, "tokenizer.json"), "utf8")) as { model: { vocab: object } };
  return Object.keys(model.vocab).length;
}
