import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inChild } from "../in-child.js";
import { describeMachine } from "../machine.js";
import type { BenchOptions } from "../options.js";
import { measureLoads } from "./measure-loads.js";
import { textSets } from "./text-sets.js";
import type { TextsInput, TextsRun, TokenizerResult, WorkersRun } from "./tokenizer-result.js";
import { writeTokenizers } from "./write-tokenizers.js";

/** Texts to ids by us and by the rivals, a process a set of texts; then loading, and two worker threads against one. */
export async function measureTokenizer({ python, rounds = 10, warmUp = 2 }: BenchOptions): Promise<TokenizerResult> {
  const machine = describeMachine();
  const folder = await mkdtemp(join(tmpdir(), "bertkit-bench-"));
  try {
    await writeTokenizers(folder);
    const inputs = textSets.map(
      ({ tokenizer }, set): TextsInput => ({ set, folder: join(folder, tokenizer), python, rounds, warmUp }),
    );
    const texts: TextsRun[] = [];
    for (const input of inputs) texts.push(await inChild<TextsRun>("tokenizer/run-texts.js", input));
    const loads = await measureLoads(folder, { rounds, warmUp: 1 });
    const workers = await inChild<WorkersRun>("tokenizer/run-workers.js", inputs[0]);
    return { program: "tokenizer", machine, texts, loads, workers };
  } finally {
    await rm(folder, { recursive: true });
  }
}
