// Program: a side, model, precision and number of texts → resident memory on the way, and what rest takes.
import { setTimeout } from "node:timers/promises";
import { openBertkitTexts } from "../bertkit-encoder.js";
import { giveResult, inputOfChild } from "../in-child.js";
import { residentMemory } from "../resident-memory.js";
import type { TextEncoder } from "../rivals/text-encoder.js";
import { openTransformersJs } from "../rivals/transformers-js.js";
import { stsTexts } from "../sts-texts.js";
import type { LoopInput, LoopResult, MemorySample } from "./loop-result.js";

const batchSize = 32;
const samplesWanted = 20;

const open = ({ side, model, precision, threads }: LoopInput): Promise<TextEncoder> =>
  side === "bertkit"
    ? openBertkitTexts(model, { precision, threads, wide: true })
    : openTransformersJs(model, precision, threads);

async function loop(input: LoopInput): Promise<LoopResult> {
  const encoder = await open(input);
  const sources = stsTexts();
  const samples: MemorySample[] = [];
  const encode = async (from: number, count: number): Promise<void> => {
    await encoder.encode(Array.from({ length: count }, (_, i) => sources[(from + i) % sources.length]!));
  };
  await encode(0, 1);
  samples.push({ texts: 1, resident: residentMemory().resident });
  const every = input.texts / samplesWanted;
  for (let done = 1; done < input.texts; ) {
    const count = Math.min(batchSize, input.texts - done);
    await encode(done, count);
    done += count;
    if (done >= samples.length * every || done === input.texts) {
      samples.push({ texts: done, resident: residentMemory().resident });
    }
  }
  return { backend: encoder.name, samples, idleShare: await idleShare() };
}

/** Processor time of all threads over a second in which nothing is asked, as a share of one core. */
async function idleShare(): Promise<number> {
  await setTimeout(20); // by then a pool sleeps
  const [begin, before] = [performance.now(), process.cpuUsage()];
  await setTimeout(1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - begin);
}

giveResult(await loop(inputOfChild<LoopInput>()));
