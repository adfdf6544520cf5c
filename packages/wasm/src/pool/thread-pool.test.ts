import { setTimeout as pause } from "node:timers/promises";
import { UnsupportedError } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { chooseEngine } from "../engine.js";
import { multiplyMuch } from "../fixtures/multiply-much.js";
import { openWasm } from "../index.js";
import type { Job } from "../jobs/jobs.js";
import { emitKernels, type KernelFunctions } from "../kernels/emit-kernels.js";
import { instantiate } from "../kernels/instantiate.js";
import { WasmMemory } from "../memory/wasm-memory.js";
import { control } from "./control.js";
import { findThreadStarter, type StartThread, type Thread } from "./start-thread.js";
import { ThreadPool } from "./thread-pool.js";
import { WorkerLostError } from "./worker-lost-error.js";

describe("a backend of several threads", () => {
  const alone = useBackend(() => openWasm({ threads: 1 }));
  const expected = async (): Promise<Int32Array> => multiplyMuch(alone());

  test.each([2, 3])("%s threads compute the bits of one", async (threads) => {
    using backend = (await openWasm({ threads }))!;
    expect(backend.name).toContain(`${threads} threads`);
    for (let call = 0; call < 4; call++) expect(sameBits(await multiplyMuch(backend), await expected())).toBe(true);
  });

  test("two backends in one process have a pool each, and end it with themselves", async () => {
    const first = (await openWasm({ threads: 2 }))!;
    using second = (await openWasm({ threads: 2 }))!;
    for (const backend of [first, second, first])
      expect(sameBits(await multiplyMuch(backend), await expected())).toBe(true);
    first[Symbol.dispose]();
    expect(sameBits(await multiplyMuch(second), await expected())).toBe(true);
  });

  test("refuses a number of threads that cannot be", async () => {
    for (const threads of [0, 1.5, -1, 129, Number.NaN]) {
      await expect(openWasm({ threads })).rejects.toThrow(UnsupportedError);
    }
  });
});

/** For millions of numbers faster than `toEqual`. */
const sameBits = (a: Float32Array | Int32Array, b: Float32Array | Int32Array): boolean =>
  Buffer.compare(new Uint8Array(a.buffer), new Uint8Array(b.buffer)) === 0;

const engine = chooseEngine({}, true)!;
const kernels = new WebAssembly.Module(emitKernels(engine, "own"));

/** A pool over a memory of its own, and a job whose chunks take `rows` rows of LayerNorm each. */
function openPool(startThread: StartThread, options: { threads?: number; lostAfter?: number } = {}) {
  const memory = new WasmMemory(1024, true);
  const functions = instantiate<KernelFunctions>(kernels, memory);
  const pool = new ThreadPool({
    modules: { kernels },
    functions,
    memory,
    threads: 2,
    startThread,
    startAfter: 0,
    ...options,
  });
  const [rows, width] = [512, 4096];
  const [x, ones, zeros, out] = [rows * width, width, width, rows * width].map((n) => memory.allocate(4 * n)) as Four;
  memory.floats(x, rows * width).set(Float32Array.from({ length: rows * width }, (_, i) => (i % 7) - 3));
  memory.floats(ones, width).fill(1);
  memory.floats(zeros, width).fill(0);
  const job: Job<"layerNorm"> = {
    parameters: { x, residual: 0, weight: ones, bias: zeros, out, rows, width, epsilon: 1e-12, rowsAtOnce: 1 },
    chunks: rows,
  };
  const result = (): Float32Array => memory.floats(out, rows * width).slice();
  const run = (): Float32Array => {
    memory.floats(out, rows * width).fill(-1);
    pool.run("layerNorm", job);
    return result();
  };
  pool.run("layerNorm", { ...job, chunks: 1, parameters: { ...job.parameters, rowsAtOnce: rows } });
  return { pool, run, expected: result(), memory };
}

type Four = [number, number, number, number];

describe("ThreadPool", () => {
  test("does not wait for threads that never come", () => {
    const { pool, run, expected } = openPool(() => ({ end: async () => {} }));
    expect(sameBits(run(), expected)).toBe(true);
    pool[Symbol.dispose]();
  });

  test("puts another thread in the place of one that was killed", async () => {
    const { startThread: start } = (await findThreadStarter())!;
    const threads: Thread[] = [];
    const { pool, run, expected } = openPool((message, onEnd) => {
      const thread = start(message, onEnd);
      threads.push(thread);
      return thread;
    });
    expect(sameBits(run(), expected)).toBe(true);
    expect(threads).toHaveLength(1);
    await threads[0]!.end();
    expect(threads).toHaveLength(2);
    expect(sameBits(run(), expected)).toBe(true);
    pool[Symbol.dispose]();
    // Ended on purpose: nobody takes its place.
    await threads[1]!.end();
    expect(threads).toHaveLength(2);
  });

  test("gives up a job whose thread dies in the middle, and does the next one", async () => {
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    const { startThread: start } = (await findThreadStarter())!;
    let murders = 1;
    const { pool, run, expected } = openPool(
      (message, onEnd) => {
        if (murders-- <= 0) return start(message, onEnd);
        const workerData = { memory: message.memory, state: control.state / 4 };
        const worker = new Worker(joinAndDie, { eval: true, workerData });
        worker.on("exit", onEnd);
        return { end: () => worker.terminate() };
      },
      { lostAfter: 100 },
    );
    // It joins a job as soon as the system lets it run.
    const untilLost = (): void => {
      for (let call = 0; call < 1000; call++) run();
    };
    expect(untilLost).toThrow(WorkerLostError);
    expect(sameBits(run(), expected)).toBe(true); // alone, while the threads of the lost job are ending
    await pause(200);
    for (let call = 0; call < 20; call++) expect(sameBits(run(), expected)).toBe(true);
    pool[Symbol.dispose]();
  });

  test("threads end by themselves when the pool does, asleep or not", async () => {
    const { startThread: start } = (await findThreadStarter())!;
    for (const asleep of [true, false]) {
      let tellEnd = (): void => {};
      const ended = new Promise<void>((resolve) => {
        tellEnd = resolve;
      });
      const { pool, run } = openPool((message, onEnd) => {
        start(message, () => {
          tellEnd();
          onEnd();
        });
        return { end: async () => {} };
      });
      run();
      await pause(asleep ? 100 : 40);
      if (!asleep) run();
      pool[Symbol.dispose]();
      await ended;
    }
  });

  test("an idle pool sleeps: it takes no processor time", async () => {
    const { pool, run } = openPool((await findThreadStarter())!.startThread);
    run();
    await pause(100);
    run();
    await pause(50);
    const before = process.cpuUsage();
    await pause(300);
    const { user, system } = process.cpuUsage(before);
    // A spinning thread would take all of the 300 ms.
    expect((user + system) / 1000).toBeLessThan(100);
    pool[Symbol.dispose]();
  });
});

/** A thread that joins the next job and ends without doing a chunk. */
const joinAndDie = `
  const { workerData } = require("node:worker_threads");
  const words = new Int32Array(workerData.memory.buffer);
  const first = Atomics.load(words, workerData.state);
  for (;;) {
    const state = Atomics.load(words, workerData.state);
    if (state >> 8 !== first >> 8 && (state & 128) === 0) {
      if (Atomics.compareExchange(words, workerData.state, state, state + 1) === state) break;
    }
  }
  process.exit(1);
`;
