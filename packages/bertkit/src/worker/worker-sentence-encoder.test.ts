import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { startHub } from "@bertkit-tooling/hub-server";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
// By its own name: a worker's file exists only in the built package.
import {
  type DownloadPlan,
  type DownloadProgress,
  type DownloadRetry,
  type EncodeProgress,
  type LocalSentenceEncoder,
  loadSentenceEncoder,
  type WorkerSentenceEncoder,
} from "bertkit";

let parent = "";
let folder = "";
let local: LocalSentenceEncoder;
let encoder: WorkerSentenceEncoder;
const unref = jest.spyOn(Worker.prototype, "unref");
/** Workers that were started on this thread. */
const started = (): readonly Worker[] => [...new Set(unref.mock.contexts as Worker[])];
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "worker-sentence-encoder-"));
  folder = join(parent, "tiny");
  await writeTinyModel(folder, { maxLength: 24 });
  local = await loadSentenceEncoder(folder);
  encoder = await loadSentenceEncoder(folder, { worker: true });
});
afterAll(async () => {
  local[Symbol.dispose]();
  encoder[Symbol.dispose]();
  await rm(parent, { recursive: true });
});

const texts = Array.from({ length: 600 }, (_, i) => `${"the cat sat ".repeat(i % 7)}${i}`);

async function* stream(items: Iterable<string>): AsyncGenerator<string> {
  yield* items;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const result: Item[] = [];
  for await (const item of items) result.push(item);
  return result;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );

describe("an encoder in a worker", () => {
  test("says of its model what one on this thread says", () => {
    const { device, width, maxLength, prompts } = local;
    expect(encoder).toMatchObject({ device, width, maxLength, prompts });
  });

  test("gives the same vectors to the bit, for an array and for a stream, in their order", async () => {
    const vectors = await local.encode(texts);
    expect(await encoder.encode(texts)).toEqual(vectors);
    expect(await collect(encoder.encode(stream(texts), { batchTokens: 40 }))).toEqual(vectors);
    expect(await encoder.encode([])).toEqual([]);
  });

  test("gives them for lists of many windows too", async () => {
    const many = Array.from({ length: 4000 }, (_, i) => texts[(7 * i) % texts.length]!);
    expect(await encoder.encode(many)).toEqual(await local.encode(many));
  }, 60_000);

  test("gives each vector memory of its own", async () => {
    const [one, other] = await encoder.encode(["the cat", "a dog"]);
    expect(one!.buffer.byteLength).toBe(4 * encoder.width);
    expect(one!.buffer).not.toBe(other!.buffer);
  });

  test("serves eight callers at once, each with the lone vectors", async () => {
    const lists = Array.from({ length: 8 }, (_, i) => texts.slice(60 * i, 60 * (i + 1)));
    const together = await Promise.all(lists.map((list) => encoder.encode(list, { batchTokens: 64 })));
    for (const [i, list] of lists.entries()) expect(together[i]).toEqual(await local.encode(list));
  });

  test("puts prompts before texts, and reports progress for each text just before its vector", async () => {
    expect(await encoder.encode(["the cat"], { promptName: "query" })).toEqual(await local.encode(["query: the cat"]));
    expect(await encoder.encode(["the cat"], { prompt: "query: " })).toEqual(await local.encode(["query: the cat"]));
    const [here, there]: EncodeProgress[][] = [[], []];
    const some = ["the cat", "the cat ".repeat(100), "a dog"];
    await local.encode(some, { onProgress: (progress) => here.push(progress) });
    await encoder.encode(some, { onProgress: (progress) => there.push(progress) });
    expect(there).toEqual(here);
    expect(there.at(-1)).toMatchObject({ texts: 3, truncated: 1 });
  });

  test("reads a stream little further than it gives vectors, and closes it when its reader stops", async () => {
    let taken = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) {
          taken++;
          yield "the cat";
        }
      } finally {
        closed = true;
      }
    }
    for await (const vector of encoder.encode(endless(), { batchTokens: 64 })) {
      expect(vector).toHaveLength(encoder.width);
      await sleep(100); // however long its reader takes
      break;
    }
    expect(taken).toBeLessThan(1500);
    await sleep(1);
    expect(closed).toBe(true);
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
    const vectors = encoder.encode(slow());
    const first = await vectors.next();
    release();
    const second = await vectors.next();
    expect([first.value, second.value]).toEqual(await local.encode(["the cat", "a dog"]));
    expect((await vectors.next()).done).toBe(true);
  });
});

describe("errors arrive as they would from this thread", () => {
  test("of options: the class, the code, the message and the fields", async () => {
    for (const options of [{ promptName: "title" }, { batchTokens: 0 }]) {
      const [here, there] = await Promise.all([
        failureOf(local.encode(["a"], options)),
        failureOf(encoder.encode(["a"], options)),
      ]);
      expect(there).toEqual(here);
      expect(there).toMatchObject({ name: "ConfigError", code: "CONFIG", problems: [expect.any(String)] });
      expect((there as object).constructor).toBe((here as object).constructor);
    }
    expect(() => encoder.encode("the cat" as never)).toThrow(/put one text into \[ \]/);
    await expect(encoder.encode([7 as never])).rejects.toThrow(/wanted a string, got number/);
  });

  test("of files: the class, the code and the message", async () => {
    const nowhere = join(parent, "nowhere");
    const here = await failureOf(loadSentenceEncoder(nowhere));
    const there = await failureOf(loadSentenceEncoder(nowhere, { worker: true }));
    expect(there).toEqual(here);
    expect(there).toMatchObject({ name: "CheckpointError", code: "missing" });
    expect((there as object).constructor).toBe((here as object).constructor);
  });

  test("of a source: the very same error, after the vectors before it", async () => {
    const gone = new Error("the disk is gone");
    async function* broken(): AsyncGenerator<string> {
      yield "the cat";
      throw gone;
    }
    expect(await failureOf(collect(encoder.encode(broken())))).toBe(gone);
  });

  test("of a callback: the very same error, and the encoder goes on", async () => {
    const mine = new Error("mine");
    const onProgress = (): never => {
      throw mine;
    };
    expect(await failureOf(encoder.encode(texts, { onProgress }))).toBe(mine);
    expect(await encoder.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
  });

  test("what cannot go to a worker is refused, all of it at once", async () => {
    const options = { worker: true, backend: {} as never, fetch: fetch } as const;
    await expect(loadSentenceEncoder(folder, options)).rejects.toThrow(/backend cannot be .*; fetch cannot be given/);
    await expect(loadSentenceEncoder(folder, { worker: true, threads: 0 })).rejects.toThrow(
      /threads: .* from 1, got 0/,
    );
  });
});

describe("a call stops", () => {
  test("with its signal's reason, within a batch, while others go on", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const other = encoder.encode(texts);
    const encoding = encoder.encode(stream(endlessly("the cat sat on the mat")), { signal: stop.signal });
    const seen: Float32Array[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const vector of encoding) {
          seen.push(vector);
          if (seen.length === 50) stop.abort(reason);
        }
      })(),
    );
    expect(failure).toBe(reason);
    expect(await other).toEqual(await local.encode(texts));
    expect(await failureOf(encoder.encode(["a"], { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  test("while its source says nothing", async () => {
    const stop = new AbortController();
    async function* silent(): AsyncGenerator<string> {
      yield "the cat";
      await new Promise(() => {});
    }
    const vectors = encoder.encode(silent(), { signal: stop.signal });
    expect((await vectors.next()).value).toHaveLength(encoder.width);
    const second = vectors.next();
    stop.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
  });

  test("when the encoder is disposed of: in progress and later calls are told so, other models go on", async () => {
    const other = await loadSentenceEncoder(folder, { worker: true });
    const [inProgress, streamed] = [other.encode(texts), collect(other.encode(stream(texts)))];
    const failures = Promise.all([failureOf(inProgress), failureOf(streamed)]);
    other[Symbol.dispose]();
    other[Symbol.dispose]();
    for (const failure of await failures) expect(failure).toMatchObject({ name: "DisposedError", code: "DISPOSED" });
    await expect(other.encode(["a"])).rejects.toThrow(/disposed/);
    expect(await encoder.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
  });
});

function* endlessly(text: string): Generator<string> {
  for (;;) yield text;
}

describe("workers", () => {
  test("are one for all models with the same wishes, and end with the last of them", async () => {
    const before = started().length;
    const options = { worker: true, threads: 1 } as const;
    const [one, two] = await Promise.all([loadSentenceEncoder(folder, options), loadSentenceEncoder(folder, options)]);
    const mine = started().slice(before);
    expect(mine).toHaveLength(1);
    const exited = new Promise((resolve) => mine[0]!.once("exit", resolve));
    one[Symbol.dispose]();
    expect(await two.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
    two[Symbol.dispose]();
    await exited;
    using again = await loadSentenceEncoder(folder, options);
    expect(await again.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
  });

  test("that are killed reject every call in progress, and the next loading starts another", async () => {
    const before = started().length;
    const options = { worker: true, threads: 1, wide: true } as const;
    const lost = await loadSentenceEncoder(folder, options);
    const calls = [lost.encode(texts), collect(lost.encode(stream(endlessly("the cat"))))].map(failureOf);
    await started()[before]!.terminate();
    for (const failure of await Promise.all(calls)) {
      expect(failure).toMatchObject({ name: "WorkerEndedError", code: "WORKER_ENDED" });
      expect(String(failure)).toMatch(/the worker that encodes has ended \(its exit code is 1\): load the model again/);
    }
    await expect(lost.encode(["a"])).rejects.toMatchObject({ code: "WORKER_ENDED" });
    using next = await loadSentenceEncoder(folder, options);
    lost[Symbol.dispose]();
    expect(await next.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
  });

  test("are named where there are none", async () => {
    const { getBuiltinModule } = process;
    process.getBuiltinModule = ((name: string) =>
      name === "node:worker_threads" ? undefined : getBuiltinModule(name)) as typeof getBuiltinModule;
    try {
      const loading = loadSentenceEncoder(folder, { worker: true, threads: 3 });
      await expect(loading).rejects.toMatchObject({
        code: "UNSUPPORTED",
        message: expect.stringMatching(/no workers/),
      });
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });

  test("do not keep a process alive that waits for nothing", async () => {
    const said = await programOf(`
      async function* lines() { yield "the cat"; yield "a dog"; }
      const [vector] = await model.encode(["the cat"]);
      const { value } = await model.encode(lines()).next();
      console.log(vector.length, value.length);`);
    expect(said).toEqual({ out: "32 32\n", code: 0 });
  });

  test("leave nothing behind when long calls are aborted, and their model disposed of", async () => {
    const said = await programOf(`
      async function* endless() { for (;;) yield "the cat sat on the mat"; }
      async function read(encoding, end) {
        let left = 20_000;
        for await (const vector of encoding) if (--left === 0) end();
      }
      const stop = new AbortController();
      const one = read(model.encode(endless(), { signal: stop.signal }), () => stop.abort(new Error("enough")));
      console.log(await one.catch((error) => error.message));
      console.log(await read(model.encode(endless()), () => model[Symbol.dispose]()).catch((error) => error.code));`);
    expect(said).toEqual({ out: "enough\nDISPOSED\n", code: 0 });
  }, 60_000);
});

/** What a program prints that has loaded `model` in a worker, and its exit code once it has ended by itself. */
async function programOf(body: string): Promise<{ readonly out: string; readonly code: unknown }> {
  const { spawn } = await import("node:child_process");
  const script = `
    import { loadSentenceEncoder } from ${JSON.stringify(import.meta.resolve("bertkit"))};
    const model = await loadSentenceEncoder(${JSON.stringify(folder)}, { worker: true });
    ${body}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const [out, code] = await Promise.all([
    collect(child.stdout).then((chunks) => chunks.join("")),
    new Promise((resolve) => child.once("exit", resolve)),
  ]);
  return { out, code };
}

describe("loading in a worker", () => {
  test("tells of a download and of retries as loading here does, and stops with its signal", async () => {
    const files = new Map<string, Uint8Array | string>();
    for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"]) {
      files.set(name, await readFile(join(folder, name)));
    }
    const hub = await startHub({ models: new Map([["ns/tiny", files]]) });
    try {
      const plans: DownloadPlan[] = [];
      const progress: DownloadProgress[] = [];
      const retries: DownloadRetry[] = [];
      const options = {
        worker: true,
        endpoint: hub.url,
        onDownload: (plan: DownloadPlan) => plans.push(plan),
        onProgress: (done: DownloadProgress) => progress.push(done),
        onRetry: (retry: DownloadRetry) => retries.push(retry),
      } as const;
      const cacheFolder = join(parent, "cache");
      using model = await loadSentenceEncoder("ns/tiny", { ...options, cacheFolder });
      expect(await model.encode(["the cat"])).toHaveLength(1);
      expect(plans).toMatchObject([{ name: "ns/tiny", endpoint: hub.url }]);
      expect(progress.at(-1)).toEqual({ bytes: plans[0]!.bytes, total: plans[0]!.bytes });

      const mine = new Error("mine");
      const onDownload = (): never => {
        throw mine;
      };
      const elsewhere = { ...options, cacheFolder: join(parent, "other-cache"), onDownload };
      expect(await failureOf(loadSentenceEncoder("ns/tiny", elsewhere))).toBe(mine);
      const signal = AbortSignal.abort(mine);
      expect(await failureOf(loadSentenceEncoder(folder, { worker: true, signal }))).toBe(mine);
      const stop = new AbortController();
      const stopped = { ...options, cacheFolder: join(parent, "third"), onDownload: () => stop.abort(mine) };
      expect(await failureOf(loadSentenceEncoder("ns/tiny", { ...stopped, signal: stop.signal }))).toBe(mine);
    } finally {
      await hub.close();
    }
  });
});

describeWithData("checkpoints/all-MiniLM-L6-v2", "a real model in a worker", () => {
  test.each(["float32", "int8"] as const)(
    "gives in %s the vectors that it gives here, to the bit",
    async (precision) => {
      const checkpoint = dataPath("checkpoints/all-MiniLM-L6-v2");
      const json = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8"));
      const some = (json.texts as string[]).slice(0, 40);
      using here = await loadSentenceEncoder(checkpoint, { precision });
      using there = await loadSentenceEncoder(checkpoint, { precision, worker: true });
      expect(await there.encode(some)).toEqual(await here.encode(some));
    },
    120_000,
  );
});

/** Of a timer of five milliseconds while something is done: by how much it was late at most. */
async function latenessDuring(work: () => Promise<unknown>): Promise<number> {
  let latest = 0;
  let due = performance.now() + 5;
  const timer = setInterval(() => {
    const now = performance.now();
    latest = Math.max(latest, now - due);
    due = now + 5;
  }, 5);
  try {
    await work();
    return latest;
  } finally {
    clearInterval(timer);
  }
}

test("while thousands of texts are encoded, timers of this thread are on time and a signal is obeyed at once", async () => {
  const many = Array.from({ length: 2000 }, (_, i) => texts[i % texts.length]!);
  const lateness: number[] = [];
  const obedience: number[] = [];
  for (let run = 0; run < 3; run++) {
    lateness.push(await latenessDuring(() => encoder.encode(many)));
    const stop = new AbortController();
    const encoding = failureOf(encoder.encode(many, { signal: stop.signal }));
    await sleep(20);
    const aborted = performance.now();
    stop.abort(new Error("enough"));
    expect(await encoding).toMatchObject({ message: "enough" });
    obedience.push(performance.now() - aborted);
  }
  // The best of three: other processes may take this one's turn, which says nothing of ours.
  expect(Math.min(...lateness)).toBeLessThan(100);
  expect(Math.min(...obedience)).toBeLessThan(100);
});
