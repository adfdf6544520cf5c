import { describeJob, type Job, type JobName } from "../jobs/jobs.js";
import type { KernelFunctions } from "../kernels/emit-kernels.js";
import type { WasmMemory } from "../memory/wasm-memory.js";
import { control, joinedMask, oneJob } from "./control.js";
import type { StartThread, Thread, ThreadStarter } from "./start-thread.js";
import { WorkerLostError } from "./worker-lost-error.js";

/** What a thread instantiates. */
export interface Modules {
  readonly kernels: WebAssembly.Module;
  /** Where the hot functions come from another module. */
  readonly hot?: WebAssembly.Module | undefined;
}

/** How long threads look for the next job before they sleep: gaps between jobs are shorter, and waking takes 5 to 50 µs. */
const spinMilliseconds = 2;
/** How often threads that sleep are woken at most. */
const wakeEveryMilliseconds = 1;
/** How long a caller works alone before threads that it wakes may stay awake where they are put. */
const aloneMilliseconds = 7;
/** A caller without a job for so long begins anew. */
const idleMilliseconds = 5;
/** How long the caller looks for the end of the others' last chunks before it sleeps and leaves its core to them. */
const patienceMilliseconds = 0.3;
/** A sleeping caller is woken; it looks around now and then, for a thread that was killed wakes nobody. */
const sleepMilliseconds = 20;
/** A chunk takes milliseconds: a thread that has not finished after so long is gone. */
const lostAfter = 5000;
/** Threads that ended by themselves and were replaced; a system that keeps killing them is left alone. */
const mostReplacements = 8;

export interface ThreadPoolOptions extends Partial<ThreadStarter> {
  readonly modules: Modules;
  readonly functions: KernelFunctions;
  readonly memory: WasmMemory;
  /** The caller's included. */
  readonly threads: number;
  /** Milliseconds after which a thread that does not finish its chunk is given up. */
  readonly lostAfter?: number;
}

/** Does jobs: alone where there is no starter, or with threads that wait for them. Threads start once there has been work worth their start. */
export class ThreadPool implements Disposable {
  readonly threads: number;
  readonly #modules: Modules;
  readonly #functions: KernelFunctions;
  readonly #memory: WasmMemory;
  readonly #startThread: StartThread | undefined;
  /** By number; the caller is 0. */
  readonly #running = new Map<number, Thread>();
  #turns: { readonly spin: number; readonly patience: number } | undefined;
  readonly #lostAfter: number;
  readonly #startAfter: number;
  #millisecondsBefore = 0;
  #nextWake = 0;
  #lastJob = 0;
  /** Since when the caller has done jobs alone. */
  #alone = 0;
  #replacements = 0;
  /** Set while threads of a failed job are still ending. */
  #recovering = false;

  constructor(options: ThreadPoolOptions) {
    const { modules, functions, memory, threads, startThread } = options;
    this.#lostAfter = options.lostAfter ?? lostAfter;
    this.#startAfter = options.startAfter ?? 0;
    this.#modules = modules;
    this.#functions = functions;
    this.#memory = memory;
    this.#startThread = startThread;
    this.threads = startThread ? threads : 1;
  }

  /** Does all chunks of a job. Throws `WorkerLostError` when a thread that had joined it does not finish. */
  run<Name extends JobName>(name: Name, job: Job<Name>): void {
    if (job.chunks === 0) return;
    const { buffer } = this.#memory.memory;
    describeJob(buffer, name, job);
    if (this.threads === 1 || job.chunks === 1 || this.#recovering) {
      this.#functions.runAlone();
      return;
    }
    if (this.#turns === undefined) {
      const start = performance.now();
      this.#functions.runAlone();
      this.#millisecondsBefore += performance.now() - start;
      if (this.#millisecondsBefore >= this.#startAfter) this.#start();
      return;
    }
    this.#functions.runTogether(this.#turns.patience, this.#wakes(buffer) ? 1 : 0);
    const state = new Int32Array(buffer, control.state, 1);
    if ((Atomics.load(state, 0) & joinedMask) !== 0) this.#waitForOthers(state);
  }

  /** Ends all threads: each leaves its loop, also one that is only starting, and then by itself. */
  [Symbol.dispose](): void {
    this.#replacements = mostReplacements;
    const words = new Int32Array(this.#memory.memory.buffer, 0, control.end / 4);
    words[control.ended / 4] = 1;
    // As a job that threads may join, for those that sleep look for nothing else.
    const state = Atomics.load(words, control.state / 4);
    Atomics.store(words, control.state / 4, (state & ~(oneJob - 1)) + oneJob);
    if (this.#running.size > 0) Atomics.notify(words, control.state / 4);
    this.#running.clear();
  }

  #start(): void {
    const turns = turnsPerMillisecond(this.#functions);
    this.#turns = { spin: spinMilliseconds * turns, patience: patienceMilliseconds * turns };
    for (let number = 1; number < this.threads; number++) this.#startOne(number);
  }

  #startOne(number: number): void {
    const { memory } = this.#memory;
    const start = { ...this.#modules, memory, thread: number, spins: this.#turns!.spin };
    const thread = this.#startThread!(start, () => {
      // It ended by itself: out of memory, killed, or refused by the page's security policy.
      if (this.#running.get(number) !== thread) return;
      this.#running.delete(number);
      if (this.#replacements++ < mostReplacements) this.#startOne(number);
    });
    this.#running.set(number, thread);
  }

  /**
   * Whether to wake threads that sleep. Systems may put one that is woken on the caller's own core, even where another
   * idles, and move it only after milliseconds in which they take turns. So a thread that finds no job sleeps again
   * soon, which costs a short call next to nothing; in a long one it is let stay awake until it is moved.
   */
  #wakes(buffer: ArrayBufferLike): boolean {
    const words = new Int32Array(buffer, 0, control.end / 4);
    const now = performance.now();
    const isAwake = Atomics.load(words, control.sleeping / 4) === 0;
    if (isAwake || now - this.#lastJob > idleMilliseconds) this.#alone = now;
    this.#lastJob = now;
    if (isAwake || now < this.#nextWake) return false;
    this.#nextWake = now + wakeEveryMilliseconds;
    words[control.patient / 4] = now - this.#alone > aloneMilliseconds ? 1 : 0;
    return true;
  }

  #waitForOthers(state: Int32Array): void {
    const callerSleeps = new Int32Array(state.buffer, control.callerSleeps, 1);
    const start = performance.now();
    Atomics.store(callerSleeps, 0, 1);
    for (let now = Atomics.load(state, 0); (now & joinedMask) !== 0; now = Atomics.load(state, 0)) {
      if (performance.now() - start > this.#lostAfter) {
        this.#recover(state);
        break;
      }
      Atomics.wait(state, 0, now, sleepMilliseconds);
    }
    Atomics.store(callerSleeps, 0, 0);
    if (this.#recovering) throw new WorkerLostError();
  }

  /** Threads of a job that failed may still write: none starts before all have ended, and the caller works alone. */
  #recover(state: Int32Array): void {
    this.#recovering = true;
    const ending = Array.from(this.#running.values(), (thread) => thread.end());
    this.#running.clear();
    void Promise.all(ending).then(() => {
      Atomics.and(state, 0, ~joinedMask);
      Atomics.store(new Int32Array(this.#memory.memory.buffer, control.sleeping, 1), 0, 0);
      this.#recovering = false;
      this.#turns = undefined;
    });
  }
}

/** Best of three, each about half a millisecond: a pause of this thread only makes it look slower. */
function turnsPerMillisecond({ spin }: KernelFunctions): number {
  const turns = 2 ** 17;
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    spin(turns);
    best = Math.max(best, turns / Math.max(0.05, performance.now() - start));
  }
  return Math.min(2 ** 24, Math.ceil(best));
}
