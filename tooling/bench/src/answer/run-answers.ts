// Program: a model with a head, threads and rounds → questions a second of either side, and memory on the way.
import type { Answerer, QuestionInContext } from "bertkit";
import { giveResult, inputOfChild } from "../in-child.js";
import { interleave } from "../interleave.js";
import { flatness } from "../memory/flatness.js";
import type { MemorySample } from "../memory/loop-result.js";
import { residentMemory } from "../resident-memory.js";
import { speedAgainst } from "../statistics.js";
import type { AnswerInput, AnswerRun, MeasuredSide } from "./answer-result.js";
import {
  type AnswerSide,
  answererSide,
  openAnswerer,
  openPipeline,
  type RivalSide,
  type TimedAnswers,
} from "./sides.js";
import { squadQuestions } from "./squad-questions.js";

/** Questions of a round. */
const roundSize = 32;
/** Of the rival, besides a window at a time, which is what it does unasked. */
const rivalBatch = 16;
const samplesWanted = 20;

async function run({ folder, threads, python, warmUp, rounds }: AnswerInput): Promise<AnswerRun> {
  using answerer = await openAnswerer(folder, threads);
  const pipelines = await Promise.all([1, rivalBatch].map((batch) => openPipeline({ python, folder, threads, batch })));
  const rivals = pipelines.filter((side): side is RivalSide => side !== undefined);
  const sides = [
    answererSide(answerer, "bertkit"),
    answererSide(answerer, "bertkit, a window at a time", 1),
    ...rivals,
  ];
  const all = squadQuestions();
  const times = { warmUp, rounds: rounds ?? Math.floor(all.length / roundSize) };
  const samples = await interleave(
    sides.map((side) => contender(side, all)),
    times,
  );
  for (const rival of rivals) rival.close();
  const questions = times.rounds * roundSize;
  const asked = Array.from({ length: questions }, (_, i) => all[(warmUp * roundSize + i) % all.length]!);
  return {
    threads,
    backend: answerer.device,
    questions,
    sides: sides.map(({ name }) => measured(name, samples, questions)),
    stream: await streamed(answerer, asked),
  };
}

/** Takes the next questions each time it runs. */
function contender(side: AnswerSide, questions: readonly QuestionInContext[]) {
  let from = 0;
  const next = (): QuestionInContext[] =>
    Array.from({ length: roundSize }, () => questions[from++ % questions.length]!);
  return { name: side.name, measure: () => side.answer(next()) };
}

function measured(
  name: string,
  samples: ReadonlyMap<string, readonly TimedAnswers[]>,
  questions: number,
): MeasuredSide {
  const [ours, theirs] = [samples.get("bertkit")!, samples.get(name)!];
  const timesOf = (rounds: readonly TimedAnswers[]): number[] => rounds.map(({ time }) => time);
  const answersOf = (rounds: readonly TimedAnswers[]): string[] => rounds.flatMap(({ answers }) => answers);
  const expected = answersOf(ours);
  return {
    name,
    perSecond: (1000 * questions) / timesOf(theirs).reduce((sum, time) => sum + time, 0),
    speed: speedAgainst(timesOf(theirs), timesOf(ours)),
    same: answersOf(theirs).filter((answer, i) => answer === expected[i]).length / questions,
  };
}

/** All questions as one stream: how fast, and whether memory grows. */
async function streamed(answerer: Answerer, questions: readonly QuestionInContext[]): Promise<AnswerRun["stream"]> {
  async function* stream(): AsyncGenerator<QuestionInContext> {
    yield* questions;
  }
  const samples: MemorySample[] = [];
  const every = Math.max(1, Math.floor(questions.length / samplesWanted));
  let texts = 0;
  const begin = performance.now();
  for await (const _ of answerer.answer(stream())) {
    if (++texts % every === 0) samples.push({ texts, resident: residentMemory().resident });
  }
  const perSecond = (1000 * questions.length) / (performance.now() - begin);
  return { perSecond, memory: flatness(samples) };
}

giveResult(await run(inputOfChild<AnswerInput>()));
