import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { TextTokens } from "./tokenization.js";
import { windowsOf } from "./windows-of.js";

/** As if each letter were a token. */
async function* tokensOf(texts: AsyncIterable<string>): AsyncGenerator<TextTokens> {
  for await (const text of texts) {
    const ids = Int32Array.from(text, Number);
    yield { length: text.length, ids, typeIds: new Int32Array(ids.length), truncated: false };
  }
}

async function lengthsOf(texts: AsyncIterable<string>, windowTokens: number, batchTokens = 4): Promise<number[][]> {
  const result: number[][] = [];
  for await (const window of windowsOf(tokensOf(texts), { windowTokens, batchTokens })) {
    result.push(window.map(({ length }) => length));
  }
  return result;
}

async function* stream(texts: Iterable<string>): AsyncGenerator<string> {
  yield* texts;
}

test("a window is as many texts as its tokens allow; one that is longer alone is a window of its own", async () => {
  expect(await lengthsOf(stream(["111", "22", "3", "4444444", "55", "6"]), 6)).toEqual([[3, 2, 1], [7], [2, 1]]);
  expect(await lengthsOf(stream([]), 6)).toEqual([]);
});

test("windows hold all texts, in their order, none over its tokens", async () => {
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 30 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), async (all, windowTokens) => {
      const windows = await lengthsOf(stream(all), windowTokens);
      expect(windows.flat()).toEqual(all.map((text) => text.length));
      for (const lengths of windows) {
        const tokens = lengths.reduce((sum, length) => sum + length);
        if (lengths.length > 1) expect(tokens).toBeLessThanOrEqual(windowTokens);
      }
    }),
  );
});

test("texts of a source that pauses do not wait for a full window", async () => {
  async function* pausing(): AsyncGenerator<string> {
    yield "1";
    yield "22";
    await sleep(150);
    yield "333";
  }
  expect(await lengthsOf(pausing(), 100)).toEqual([[1, 2], [3]]);
});

test("texts that trickle in wait for a batch at most, not for a window", async () => {
  async function* trickling(): AsyncGenerator<string> {
    for (let i = 0; i < 40; i++) {
      yield "1";
      await sleep(5);
    }
  }
  const windows = await lengthsOf(trickling(), 1000, 8);
  expect(windows.flat()).toHaveLength(40);
  expect(windows.length).toBeGreaterThan(1);
});
