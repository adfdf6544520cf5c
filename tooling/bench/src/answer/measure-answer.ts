import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inChild } from "../in-child.js";
import { describeMachine } from "../machine.js";
import { modelName } from "../model-files.js";
import type { BenchOptions } from "../options.js";
import type { AnswerInput, AnswerResult, AnswerRun } from "./answer-result.js";
import { writeRandomAnswerer } from "./random-answerer.js";

/** SQuAD's questions to answers, by us and by transformers' pipeline with the same random head, a process a thread count. */
export async function measureAnswer(options: BenchOptions): Promise<AnswerResult> {
  const { model, threads, python, rounds, warmUp = 1 } = options;
  const machine = describeMachine();
  const folder = await mkdtemp(join(tmpdir(), "bertkit-bench-"));
  try {
    await writeRandomAnswerer(model, folder);
    const runs: AnswerRun[] = [];
    for (const count of threads) {
      const input: AnswerInput = { folder, threads: count, python, warmUp, rounds };
      runs.push(await inChild<AnswerRun>("answer/run-answers.js", input));
    }
    return { program: "answer", machine, model: modelName(model), runs };
  } finally {
    await rm(folder, { recursive: true });
  }
}
