import { type Backend, DisposedError, openReference } from "@bertkit/tensor";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBackend } from "../devices.js";
import { collect, streamOf } from "../fixtures/streams.js";
import { headedModels, useTinyModels } from "../fixtures/tiny-models.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { type Classification, loadClassifier } from "./classifier.js";
import { type FilledMask, loadMaskFiller } from "./mask-filler.js";
import { loadNextSentencePredictor, type NextSentencePrediction } from "./next-sentence-predictor.js";
import { loadReranker } from "./reranker.js";
import type { TaskOptions, TaskProgress } from "./task-model.js";

const models = useTinyModels();

const words = "the old library of the green city is good and ";
const texts = ["A lovely library.", "", words.repeat(3), "the cat sat on the mat", "🚀", "a", words.repeat(20)];
const masked = texts.map((text) => `the [MASK] and ${text}`);
const pairs = texts.map((text, i) => [texts[texts.length - 1 - i]!, text] as const);

/** A task over inputs of its own. */
interface Asked<Input, Answer> {
  readonly model: keyof typeof headedModels;
  readonly inputs: readonly Input[];
  readonly open: (folder: string, options: LoadModelOptions) => Promise<OpenTask<Input, Answer>>;
  /** What may be a little different in int8. */
  readonly scores: (answer: Answer) => readonly number[];
}

interface OpenTask<Input, Answer> extends Disposable {
  readonly ask: (inputs: readonly Input[], options?: TaskOptions) => Promise<readonly Answer[]>;
  readonly stream: (inputs: AsyncIterable<Input>, options?: TaskOptions) => AsyncGenerator<Answer>;
}

const everyTask = {
  classify: asked({
    model: "sentiment",
    inputs: [...texts, ...pairs],
    scores: ({ scores }: Classification) =>
      [...scores].sort((a, b) => (a.label < b.label ? -1 : 1)).map(({ score }) => score),
    open: async (folder, options) => {
      const model = await loadClassifier(folder, options);
      return {
        ask: (inputs, how) => model.classify(inputs, how),
        stream: (inputs, how) => model.classify(inputs, how),
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  }),
  fill: asked({
    model: "masked",
    inputs: masked,
    scores: (masks: readonly FilledMask[]) => masks.map(({ guesses }) => guesses[0]!.score),
    open: async (folder, options) => {
      const model = await loadMaskFiller(folder, options);
      return {
        ask: (inputs, how) => model.fill(inputs, how),
        stream: (inputs, how) => model.fill(inputs, how),
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  }),
  next: asked({
    model: "next",
    inputs: pairs,
    scores: ({ score }: NextSentencePrediction) => [score],
    open: async (folder, options) => {
      const model = await loadNextSentencePredictor(folder, options);
      return {
        ask: (inputs, how) => model.next(inputs, how),
        stream: (inputs, how) => model.next(inputs, how),
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  }),
  rank: asked({
    model: "reranker",
    inputs: pairs,
    scores: (score: number) => [score],
    open: async (folder, options) => {
      const model = await loadReranker(folder, options);
      return {
        ask: (inputs, how) => model.score(inputs, how),
        stream: (inputs, how) => model.score(inputs, how),
        [Symbol.dispose]: () => model[Symbol.dispose](),
      };
    },
  }),
};

/** Hides which inputs a task takes and what its answers are. */
function asked<Input, Answer>({ model, inputs, open, scores }: Asked<Input, Answer>) {
  return async (options: LoadModelOptions) => {
    const task = await open(await models.write(model, headedModels[model]), options);
    return {
      count: inputs.length,
      alone: async () => (await Promise.all(inputs.map((input) => task.ask([input])))).flat(),
      scores: async () => (await task.ask(inputs)).flatMap(scores),
      together: (how?: TaskOptions) => task.ask(inputs, how),
      streamed: (how?: TaskOptions): AsyncGenerator<unknown> => task.stream(streamOf(inputs), how),
      [Symbol.dispose]: () => task[Symbol.dispose](),
    };
  };
}

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend({ device: "wasm" });
});
afterAll(() => backend[Symbol.dispose]());

describe.each(Object.entries(everyTask))("%s", (_, open) => {
  test("gives an input the same answer to the bit alone, in any batch and in a stream, in the order asked", async () => {
    using task = await open({ backend });
    const alone = await task.alone();
    expect(alone).toHaveLength(task.count);
    for (const batchTokens of [undefined, 1, 40, 5000]) {
      expect(await task.together({ batchTokens })).toEqual(alone);
      expect(await collect(task.streamed({ batchTokens }))).toEqual(alone);
    }
  });

  test("in int8 answers much as in floats, in less memory", async () => {
    const before = backend.memory.bytes;
    using floats = await open({ backend });
    const ofFloats = backend.memory.bytes - before;
    using levels = await open({ backend, precision: "int8" });
    expect(backend.memory.bytes - before - ofFloats).toBeLessThan(ofFloats);
    const scores = await floats.scores();
    const differences = (await levels.scores()).map((score, i) => Math.abs(score - scores[i]!));
    expect(differences.some((difference) => difference > 0)).toBe(true);
    expect(Math.max(...differences)).toBeLessThan(0.1);
  });

  test("counts inputs, tokens and those that were cut", async () => {
    using task = await open({ backend });
    const seen: TaskProgress[] = [];
    await task.together({ batchTokens: 40, onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ inputs }) => inputs)).toEqual(Array.from({ length: task.count }, (_, i) => i + 1));
    const steps = seen.map(({ tokens }, i) => tokens - (seen[i - 1]?.tokens ?? 0));
    expect(steps.every((tokens) => tokens >= 2 && tokens <= 64)).toBe(true);
    expect(seen.at(-1)!.truncated).toBe(steps.filter((tokens) => tokens === 64).length);
  });

  test("stops at a signal, before it begins and between batches", async () => {
    using task = await open({ backend });
    const stop = new Error("enough");
    await expect(task.together({ signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
    const controller = new AbortController();
    const answers = task.streamed({
      batchTokens: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(stop),
    });
    await expect(collect(answers)).rejects.toBe(stop);
  });

  test("after disposal is an error, and nothing is left allocated", async () => {
    using reference = openReference();
    const task = await open({ backend: reference });
    await task.together();
    task[Symbol.dispose]();
    expect(reference.memory.buffers).toBe(0);
    await expect(task.together()).rejects.toThrow(DisposedError);
    task[Symbol.dispose]();
  });
});
