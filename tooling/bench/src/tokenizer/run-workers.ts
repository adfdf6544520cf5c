// Program: a set of texts and a tokenizer → how fast one worker thread is, and two, the way there and back included.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { giveResult, inputOfChild } from "../in-child.js";
import { interleave, timed } from "../interleave.js";
import { speedAgainst } from "../statistics.js";
import { speedsOf } from "./speeds.js";
import { linesOfSet, sizeOf, textSets } from "./text-sets.js";
import type { TextsInput, WorkersRun } from "./tokenizer-result.js";
import { wantedOfWorkers } from "./wanted.js";

/** Lines that a worker is sent at a time. */
const batch = 250;
/** How often all lines are tokenised in a round: a large batch. */
const passes = 4;
/** Batches that a worker has at a time, so that it need not wait for the next. */
const ahead = 2;

async function run({ set: index, folder, ...rounds }: TextsInput): Promise<WorkersRun> {
  const set = textSets[index]!;
  const texts = linesOfSet(set);
  const { lines, bytes } = sizeOf(texts);
  const size = { lines: passes * lines, bytes: passes * bytes };
  const onePass = Array.from({ length: Math.ceil(lines / batch) }, (_, i) =>
    texts.slice(i * batch, (i + 1) * batch).join("\n"),
  );
  const batches = Array.from({ length: passes }, () => onePass).flat();
  const workers = await Promise.all([openWorker(folder), openWorker(folder)]);
  // Each compiles its own code: the second is to be as warm as the first, which has more to do.
  for (const worker of workers) await tokenizeIn([worker], batches);
  const contender = (name: string, some: readonly Worker[]) => ({
    name,
    measure: () => timed(() => tokenizeIn(some, batches)),
  });
  const samples = await interleave([contender("one", workers.slice(0, 1)), contender("two", workers)], rounds);
  await Promise.all(workers.map((worker) => worker.terminate()));
  const [one, two] = [samples.get("one")!, samples.get("two")!];
  return {
    title: set.title,
    ...size,
    one: speedsOf(one, size.bytes),
    two: speedsOf(two, size.bytes),
    ratio: speedAgainst(one, two),
    wanted: wantedOfWorkers,
  };
}

async function openWorker(folder: string): Promise<Worker> {
  const worker = new Worker(new URL("tokenize-worker.js", import.meta.url), { workerData: folder });
  await once(worker, "message");
  return worker;
}

/** Each worker takes the next batch as soon as it has given one back. */
async function tokenizeIn(workers: readonly Worker[], batches: readonly string[]): Promise<void> {
  let next = 0;
  await Promise.all(
    workers.map(async (worker) => {
      let waiting = 0;
      const send = (): void => {
        const lines = batches[next];
        if (lines === undefined) return;
        next++;
        waiting++;
        worker.postMessage(lines);
      };
      for (let i = 0; i < ahead; i++) send();
      while (waiting > 0) {
        await once(worker, "message");
        waiting--;
        send();
      }
    }),
  );
}

giveResult(await run(inputOfChild<TextsInput>()));
