import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageChannel, Worker } from "node:worker_threads";
import { UnsupportedError } from "@bertkit/tensor";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { Tokenization } from "../batching/tokenization.js";
import { loadPipeline } from "../load-pipeline.js";
import type { EncodeOptions } from "../sentence-encoder.js";
import type { SentencePipeline } from "../sentence-pipeline.js";
import { CallTokens } from "./call-tokens.js";
import { Companion } from "./companion.js";
import { Peer } from "./peer.js";
import type { StartedWorker } from "./start-worker.js";
import { tokenizerHost } from "./tokenizer-host.js";

let folder = "";
let pipeline: SentencePipeline;
let how: Tokenization;
let workers: Worker[] = [];
let channels: MessageChannel[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "companion-"));
  await writeTinyModel(folder, { maxLength: 24 });
  pipeline = await loadPipeline(folder, {});
  const { tokenizer, maxLength } = pipeline;
  how = { tokenizer, rules: { prompt: "", lowerCase: false, maxLength } };
});
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(workers.map((worker) => worker.terminate()));
  for (const { port1 } of channels) port1.close();
  [workers, channels] = [[], []];
});
afterAll(async () => {
  pipeline[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** As `startWorker` does, from the built package: only there a worker's file exists. */
function startBuilt(onEnd: (reason: string) => void): StartedWorker {
  const worker = new Worker(new URL("./sentence-worker.js", import.meta.resolve("bertkit")), { execArgv: [] });
  workers.push(worker);
  let isWanted = true;
  worker.on("exit", () => isWanted && onEnd("killed"));
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, transfer as readonly ArrayBuffer[]),
      listen: (receive) => worker.on("message", receive),
      hold: () => {},
    },
    terminate() {
      isWanted = false;
      void worker.terminate();
    },
  };
}

/** The same without a thread. */
function startHere(): StartedWorker {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1, port2 } = channel;
  const portOf = (port: typeof port1) => ({
    post: (message: unknown, transfer: readonly Transferable[]) =>
      port.postMessage(message, transfer as readonly ArrayBuffer[]),
    listen: (receive: (message: unknown) => void) => void port.on("message", receive),
    hold: () => {},
  });
  new Peer(portOf(port2), tokenizerHost());
  return { port: portOf(port1), terminate: () => port1.close() };
}

async function* inPieces(texts: readonly string[], size = 256): AsyncGenerator<readonly string[], undefined> {
  for (let i = 0; i < texts.length; i += size) yield texts.slice(i, i + size);
  return undefined;
}

async function encode(
  texts: readonly string[],
  companion: Companion,
  options: EncodeOptions = {},
): Promise<Float32Array[]> {
  const pieces = inPieces(texts);
  using tokens = new CallTokens(async () => (await pieces.next()).value, companion, 0);
  return await vectors(pipeline.encodeTokens(tokens, options)); // awaited here: only then the call is over
}

async function vectors(encoded: ReturnType<SentencePipeline["encode"]>): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  for await (const ready of encoded) result.push(...ready.map(({ vector }) => vector));
  return result;
}

async function* stream(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

/** Asks until the companion is there, and gives its first answer. */
async function answerOf(companion: Companion, texts: readonly string[]): Promise<unknown> {
  for (;;) {
    const answer = companion.tokenize(companion, texts, how);
    if (answer) return answer;
    await sleep(5);
  }
}

const many = Array.from({ length: 1500 }, (_, i) => `${"the cat sat ".repeat(i % 7)}${i}`);

test("with a companion and without, random lists have the same vectors in the same order", async () => {
  const companion = new Companion(startBuilt);
  await answerOf(companion, ["the cat"]);
  const asked = jest.spyOn(companion, "tokenize");
  const texts = fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 600 }), fc.boolean(), async (some, batchTokens, isPrompted) => {
      const all = [...some, ...many, "\ud800 the \udc00", ...some];
      const options = { batchTokens, ...(isPrompted ? { promptName: "query" } : {}) };
      expect(await encode(all, companion, options)).toEqual(await vectors(pipeline.encode(stream(all), options)));
    }),
    { numRuns: 8 },
  );
  expect(asked.mock.results.some(({ value }) => value !== undefined)).toBe(true);
  expect(workers).toHaveLength(1);
  companion.forget(how.tokenizer);
}, 60_000);

test("a call of one window starts none", async () => {
  const companion = new Companion(startBuilt);
  expect(await encode(many.slice(0, 300), companion)).toHaveLength(300);
  expect(workers).toHaveLength(0);
});

test("one that is killed in the middle is not missed, nor started again", async () => {
  const companion = new Companion(startBuilt);
  await answerOf(companion, ["the cat"]);
  const answers = Array.from({ length: 20 }, () => companion.tokenize(companion, many, how)!);
  const encoding = encode(many, companion);
  await workers[0]!.terminate();
  for (const answer of answers) {
    const failure = await answer.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure !== undefined) expect(failure).toMatchObject({ code: "WORKER_ENDED" });
  }
  expect(await encoding).toEqual(await vectors(pipeline.encode(stream(many), {})));
  expect(companion.tokenize(companion, many, how)).toBeUndefined();
  expect(workers).toHaveLength(1);
}, 60_000);

test("where workers are refused, or their file does not load, texts are tokenised all the same", async () => {
  const expected = await vectors(pipeline.encode(stream(many), {}));
  const absent = new Companion(() => {
    throw new UnsupportedError("there are no workers here");
  });
  expect(await encode(many, absent)).toEqual(expected);
  const unloadable = new Companion((onEnd) => {
    setImmediate(onEnd, "refused by a policy");
    return { ...startHere(), terminate: () => {} };
  });
  expect(await encode(many, unloadable)).toEqual(expected);
});

test("it ends with the last model that it has a tokenizer of", async () => {
  const other = await loadPipeline(folder, {});
  const companion = new Companion(startBuilt);
  await answerOf(companion, ["the cat"]);
  companion.tokenize(companion, [], { ...how, tokenizer: other.tokenizer });
  const ended = new Promise((resolve) => workers[0]!.once("exit", resolve));
  companion.forget(how.tokenizer);
  companion.forget(how.tokenizer);
  expect(workers[0]!.threadId).toBeGreaterThan(0);
  companion.forget(other.tokenizer);
  await ended;
  other[Symbol.dispose]();
});

test("it ends when all calls are over and some seconds have passed, and starts again when it is asked", async () => {
  const started: StartedWorker[] = [];
  const terminate = jest.fn();
  const companion = new Companion(() => {
    const worker = startHere();
    started.push(worker);
    return {
      ...worker,
      terminate() {
        terminate();
        worker.terminate();
      },
    };
  });
  await answerOf(companion, ["the cat"]);
  const another = {};
  await companion.tokenize(another, ["the cat"], how);
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate", "performance"] });
  companion.leave(companion);
  jest.advanceTimersByTime(60_000);
  expect(terminate).not.toHaveBeenCalled();
  companion.leave(another);
  jest.advanceTimersByTime(4000);
  await companion.tokenize(another, ["the cat"], how);
  jest.advanceTimersByTime(4000);
  expect(terminate).not.toHaveBeenCalled();
  companion.leave(another);
  jest.advanceTimersByTime(10_000);
  expect(terminate).toHaveBeenCalledTimes(1);
  companion.tokenize(another, ["the cat"], how);
  expect(started).toHaveLength(2);
  companion.forget(how.tokenizer);
  expect(terminate).toHaveBeenCalledTimes(2);
});
