import { describe, expect, test } from "@jest/globals";
import { trainVocabulary } from "./train-vocabulary.js";
import type { TrainingProgress } from "./training-options.js";

/** Texts without end, or so many: a word that no other has, twice. */
function* differentWords(count = Number.POSITIVE_INFINITY): Generator<string> {
  for (let i = 0; i < count; i++) yield `word${i} word${i}`;
}

describe("a long training", () => {
  test("reports its phases in order, and how far each is", async () => {
    const reports: TrainingProgress[] = [];
    const options = { size: 400, counts: true, onProgress: (progress: TrainingProgress) => reports.push(progress) };
    await trainVocabulary(differentWords(5000), options);
    const phases = reports.map(({ phase }) => phase);
    expect([...new Set(phases)]).toEqual(["reading", "merging", "counting"]);
    expect(phases).toEqual([...phases].sort((a, b) => b.localeCompare(a)));
    const last = (wanted: string) => reports.filter(({ phase }) => phase === wanted).at(-1);
    expect(last("reading")).toEqual({ phase: "reading", done: 5000, total: undefined });
    expect(last("merging")).toEqual({ phase: "merging", done: 400, total: 400 });
    expect(last("counting")).toEqual({ phase: "counting", done: 5000, total: 5000 });
  });

  test("lets timers fire", async () => {
    let isTimer = false;
    let isEnded = false;
    setTimeout(() => {
      isTimer = !isEnded;
    });
    await trainVocabulary(differentWords(50_000), { size: 1000 });
    isEnded = true;
    expect(isTimer).toBe(true);
  });

  test.each(["reading", "merging", "counting"] as const)("stops at an abort while %s", async (wanted) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let after = 0;
    const onProgress = ({ phase }: TrainingProgress): void => {
      if (controller.signal.aborted) after++;
      if (phase === wanted) controller.abort(reason);
    };
    const training = { size: 3000, counts: true, signal: controller.signal, onProgress };
    await expect(trainVocabulary(differentWords(50_000), training)).rejects.toBe(reason);
    expect(after).toBe(0);
  });

  test("stops at an abort though the texts do not end, and closes their source", async () => {
    const controller = new AbortController();
    let isClosed = false;
    function* texts(): Generator<string> {
      try {
        yield* differentWords();
      } finally {
        isClosed = true;
      }
    }
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason));
    await expect(trainVocabulary(texts(), { signal: controller.signal, wordLimit: 1000 })).rejects.toBe(reason);
    expect(isClosed).toBe(true);
  });

  test("stops at an abort though the next text does not come", async () => {
    const controller = new AbortController();
    async function* texts(): AsyncGenerator<string> {
      yield "a";
      await new Promise(() => {});
    }
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason));
    await expect(trainVocabulary(texts(), { signal: controller.signal })).rejects.toBe(reason);
  });

  test("does not begin where the signal is aborted already", async () => {
    const signal = AbortSignal.abort();
    await expect(trainVocabulary(["a"], { signal })).rejects.toBe(signal.reason);
  });

  test("hands on what the source throws", async () => {
    async function* texts(): AsyncGenerator<string> {
      yield "a";
      throw new Error("no disk");
    }
    await expect(trainVocabulary(texts())).rejects.toThrow("no disk");
  });
});

test("texts may come from anything that can be iterated, in pieces of any size", async () => {
  async function* slowly(): AsyncGenerator<string> {
    yield "hug hug";
    yield "hugs";
  }
  const { tokens } = await trainVocabulary(["hug hug hugs"]);
  expect((await trainVocabulary(slowly())).tokens).toEqual(tokens);
  expect((await trainVocabulary(slowly(), { signal: new AbortController().signal })).tokens).toEqual(tokens);
  expect((await trainVocabulary(new Set(["hug", "hug hugs"]))).tokens).toEqual(tokens);
});
