import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackedBatch as LayersBatch } from "@bertkit/layers";
import { type Backend, openReference } from "@bertkit/tensor";
import { expectClose, largestDifference } from "@bertkit/tensor/testing";
import type { PackedBatch as TokenizerBatch } from "@bertkit/tokenizer";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { openBackend } from "./devices.js";
import { loadSentenceEncoder } from "./load-sentence-encoder.js";
import type { LocalSentenceEncoder } from "./local-sentence-encoder.js";
import type { EncodeProgress } from "./sentence-encoder.js";

let parent = "";
let folder = "";
let backend: Backend;
let model: LocalSentenceEncoder;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "local-sentence-encoder-"));
  folder = join(parent, "tiny");
  await writeTinyModel(folder, { maxLength: 24 });
  backend = await openBackend({ device: "wasm" });
  model = await loadSentenceEncoder(folder, { backend });
});
afterAll(async () => {
  model[Symbol.dispose]();
  expect(backend.memory.buffers).toBe(0);
  backend[Symbol.dispose]();
  await rm(parent, { recursive: true });
});

async function* stream(texts: Iterable<string>): AsyncGenerator<string> {
  yield* texts;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const result: Item[] = [];
  for await (const item of items) result.push(item);
  return result;
}

test("the tokenizer's packed batch is the layers' packed batch", () => {
  const same: (batch: TokenizerBatch) => LayersBatch = (batch) => batch;
  const andBack: (batch: LayersBatch) => TokenizerBatch = same;
  expect(andBack).toBe(same);
});

describe("a text's vector", () => {
  test("is the same to the bit alone, first, last and in the middle of any batch", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 80 });
    const neighbours = fc.array(text, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, neighbours, fc.integer({ min: 1, max: 300 }), async (one, others, batchTokens) => {
        const [alone] = await model.encode([one]);
        const middle = others.length >> 1;
        const orders = [
          { texts: [one, ...others], at: 0 },
          { texts: [...others, one], at: others.length },
          { texts: [...others.slice(0, middle), one, ...others.slice(middle)], at: middle },
        ];
        for (const { texts, at } of orders) {
          const vectors = await model.encode(texts, { batchTokens });
          expect(vectors).toHaveLength(texts.length);
          expect(largestDifference(vectors[at]!, alone!)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("has length 1 and the model's width, also for what is no text", async () => {
    const texts = ["", "   ", "\n\t", "\0", "\ud800", "\udfff a", "🚀", "a".repeat(5000), "word ".repeat(100_000)];
    for (const vector of await model.encode(texts)) {
      expect(vector).toHaveLength(model.width);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  test("is alike on the reference backend", async () => {
    const texts = ["the cat sat on the mat", "", "a dog"];
    using reference = openReference();
    using other = await loadSentenceEncoder(folder, { backend: reference });
    const [ours, theirs] = [await model.encode(texts), await other.encode(texts)];
    for (const [i, vector] of ours.entries()) expectClose(vector, theirs[i]!, "float32");
  });

  test("does not depend on letters beyond the maximum length", async () => {
    const long = "the cat ".repeat(30);
    const [cut, longer] = await model.encode([long, `${long} dog`]);
    expect(largestDifference(cut!, longer!)).toBe(0);
  });
});

describe("encode", () => {
  test("gives the same for an array and for a stream, in order", async () => {
    const texts = Array.from({ length: 50 }, (_, i) => "the cat sat ".repeat(i % 5) + i);
    const vectors = await model.encode(texts);
    const streamed = await collect(model.encode(stream(texts), { batchTokens: 40 }));
    expect(streamed).toEqual(vectors);
  });

  test("gives nothing for nothing", async () => {
    expect(await model.encode([])).toEqual([]);
    expect(await collect(model.encode(stream([])))).toEqual([]);
  });

  test("reads a stream no further ahead than a window of sixteen batches", async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        taken++;
        yield "the cat";
      }
    }
    for await (const vector of model.encode(endless(), { batchTokens: 40 })) {
      expect(vector).toHaveLength(model.width);
      break;
    }
    expect(taken).toBeLessThanOrEqual((16 * 40) / 4 + 1);
  });

  test("does not keep a text waiting for a slow stream's next one", async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow(): AsyncGenerator<string> {
      yield "the cat";
      await held;
      yield "a dog";
    }
    const vectors = model.encode(slow());
    const first = await vectors.next(); // comes though the stream has more to say
    release();
    const second = await vectors.next();
    expect([first.value, second.value]).toEqual(await model.encode(["the cat", "a dog"]));
    expect((await vectors.next()).done).toBe(true);
  });

  test("passes on an error of the stream, after the vectors before it", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "the cat";
      throw new Error("the disk is gone");
    }
    await expect(collect(model.encode(broken()))).rejects.toThrow("the disk is gone");
  });

  test("reports texts, tokens and truncated texts so far", async () => {
    const seen: EncodeProgress[] = [];
    const texts = ["the cat", "a dog", "the cat ".repeat(100)];
    await model.encode(texts, { batchTokens: 1, onProgress: (progress) => seen.push(progress) });
    expect(seen.map((progress) => progress.texts)).toEqual([1, 2, 3]);
    expect(seen.map((progress) => progress.truncated)).toEqual([0, 0, 1]);
    const lengths = texts.map((text) => model.tokenizer.encode(text, { maxLength: model.maxLength }).length);
    expect(seen.at(-1)!.tokens).toBe(lengths.reduce((sum, length) => sum + length));
  });

  test("stops at the next batch when its signal is aborted, and lets timers run between batches", async () => {
    const stop = new AbortController();
    let batches = 0;
    const timer = setTimeout(() => stop.abort(new Error("enough")), 0);
    const texts = Array.from({ length: 5000 }, () => "the cat sat on the mat");
    const encoding = model.encode(texts, { batchTokens: 10, signal: stop.signal, onProgress: () => batches++ });
    await expect(encoding).rejects.toThrow("enough");
    clearTimeout(timer);
    expect(batches).toBeLessThan(texts.length);
  });

  test("stops waiting for a stream that says nothing when its signal is aborted", async () => {
    const stop = new AbortController();
    async function* silent(): AsyncGenerator<string> {
      yield "the cat";
      await new Promise(() => {});
    }
    const vectors = model.encode(silent(), { signal: stop.signal });
    expect((await vectors.next()).value).toHaveLength(model.width);
    const second = vectors.next();
    stop.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
  });

  test("gives, of any texts in any arrangement, the vectors of texts alone, in order", async () => {
    const words = fc.integer({ min: 0, max: 30 }).map((count) => "the cat ".repeat(count));
    const few = fc.array(words, { maxLength: 30 });
    const longAfterShort = fc
      .tuple(fc.integer({ min: 0, max: 120 }), words)
      .map(([count, last]) => [...Array.from({ length: count }, (_, i) => `${i % 3}`), last]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(few, longAfterShort), fc.integer({ min: 1, max: 100 }), async (texts, batchTokens) => {
        const alone = new Map<string, Float32Array>();
        for (const text of new Set(texts)) alone.set(text, (await model.encode([text]))[0]!);
        const expected = texts.map((text) => alone.get(text));
        expect(await model.encode(texts, { batchTokens })).toEqual(expected);
        expect(await collect(model.encode(stream(texts), { batchTokens }))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("serves eight callers at once, of two models on one backend, each with the lone vectors", async () => {
    using other = await loadSentenceEncoder(folder, { backend, pooling: "cls" });
    const lists = Array.from({ length: 8 }, (_, i) =>
      Array.from({ length: 30 }, (_, j) => "the cat sat ".repeat((i + j) % 5) + j),
    );
    const encoderOf = (i: number): LocalSentenceEncoder => (i % 2 === 0 ? model : other);
    const together = await Promise.all(lists.map((texts, i) => encoderOf(i).encode(texts, { batchTokens: 30 + i })));
    for (const [i, texts] of lists.entries()) expect(together[i]).toEqual(await encoderOf(i).encode(texts));
  });

  test("does not have a short call wait for a long one, also of another model on the same backend", async () => {
    using other = await loadSentenceEncoder(folder, { backend });
    const stop = new AbortController();
    let given = 0;
    const texts = Array.from({ length: 100_000 }, () => "the cat sat on the mat");
    const long = model.encode(texts, { signal: stop.signal, onProgress: () => given++ });
    const failure = long.catch((error: unknown) => error);
    for (const encoder of [model, other]) expect(await encoder.encode(["a dog"])).toHaveLength(1);
    expect(given).toBeLessThan(2000);
    stop.abort("done");
    expect(await failure).toBe("done");
  });

  test("puts a prompt before each text: as given, by name, or the model's default", async () => {
    const [plain] = await model.encode(["query: the cat"]);
    expect(await model.encode(["the cat"], { prompt: "query: " })).toEqual([plain]);
    expect(await model.encode(["the cat"], { promptName: "query" })).toEqual([plain]);
    expect([...model.prompts.keys()]).toEqual(["query", "passage"]);
    await expect(model.encode(["a"], { promptName: "title" })).rejects.toThrow(
      /no prompt named "title"; it has query, passage/,
    );
    const withDefault = join(parent, "default-prompt");
    await writeTinyModel(withDefault, { maxLength: 24, defaultPrompt: "query" });
    using other = await loadSentenceEncoder(withDefault, { backend });
    expect(await other.encode(["the cat"])).toEqual([plain]);
  });

  test("refuses what is neither an array nor a stream, and a batch without tokens", async () => {
    expect(() => model.encode("the cat" as never)).toThrow(/put one text into \[ \]/);
    expect(() => model.encode(undefined as never)).toThrow(/array of texts/);
    await expect(model.encode(["a"], { batchTokens: 0 })).rejects.toThrow(/batchTokens.*above 0, got 0/);
    await expect(model.encode([7 as never])).rejects.toThrow(/wanted a string, got number/);
  });

  test("rejects when the encoder is disposed of in the midst of it", async () => {
    const other = await loadSentenceEncoder(folder, { backend });
    const encoding = other.encode(Array.from({ length: 1000 }, () => "the cat sat on the mat"));
    const failure = encoding.catch((error: unknown) => error);
    await other.encode(["a dog"]);
    other[Symbol.dispose]();
    expect(await failure).toMatchObject({ name: "DisposedError", message: expect.stringMatching(/disposed/) });
  });

  test("says so once the encoder is disposed of", async () => {
    const other = await loadSentenceEncoder(folder, { backend });
    other[Symbol.dispose]();
    other[Symbol.dispose]();
    await expect(other.encode(["a"])).rejects.toThrow(/disposed/);
  });
});
