import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import type { AnswerResult, AnswerRun } from "./answer-result.js";

const head = ["threads", "side", "questions/s", "ours is faster by", "p10", "p90", "same answers"];

/** The result of `answer`, for people. */
export function showAnswer({ machine, model, runs }: AnswerResult): string {
  const backends = [...new Set(runs.map(({ backend }) => backend))];
  return `${showMachine(machine)}
model     ${model} with a random head, bertkit on ${backends.join("; ")}

${showTable([head, ...runs.flatMap(rowsOf)])}

${runs.map(streamLine).join("\n")}
Each round is the next 32 questions of SQuAD's dev set. Faster by: their median time over ours, p10 and p90 of it by
round. The pipeline takes the likeliest pair of a start and an end; we take it among the 20 likeliest of each, as
run_squad does, so that an answer may differ.`;
}

function rowsOf({ threads, sides }: AnswerRun): string[][] {
  return sides.map(({ name, perSecond, speed, same }) => [
    String(threads),
    name,
    perSecond.toFixed(1),
    ...[speed.median, speed.p10, speed.p90].map((ratio) => ratio.toFixed(2)),
    `${(100 * same).toFixed(1)}%`,
  ]);
}

function streamLine({ threads, questions, stream: { perSecond, memory } }: AnswerRun): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  const speed = `${questions.toLocaleString("en")} questions as one stream, ${threads} threads: ${perSecond.toFixed(1)} a second`;
  return `${speed}, at most ${megabytes(memory.peak)} MB, ${megabytes(memory.growth)} MB more a thousand questions in the second half`;
}
