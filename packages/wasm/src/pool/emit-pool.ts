import { atomic, i32 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { ChunkCallable } from "../jobs/job.js";
import { closed, control, joinedMask, mostThreads, oneJob } from "./control.js";

export interface PoolFunctions {
  /** Does the whole job that `control` describes on the calling thread. */
  runAlone(): void;
  /**
   * Offers the job to all threads, works on it, and returns when all its chunks are done. It waits only for threads
   * that have joined, never for one that has not woken; and not beyond `patience` turns of a loop: then `state` still
   * counts threads that have joined. `wakes` 1: threads that sleep are woken.
   */
  runTogether(patience: number, wakes: number): void;
  /** A thread's life: joins jobs until `control.ended`. Looks for up to `spins` turns before it sleeps. */
  work(thread: number, spins: number): void;
  /** A loop of `turns` like the one in which threads look for jobs, to time it. */
  spin(turns: number): void;
}

/** @param kinds what does a chunk of each kind of job */
export function emitPool(module: ModuleBuilder, kinds: readonly ChunkCallable[]): void {
  const takeChunks = module.function("takeChunks", { scratch: "i32" }, (f, { scratch }) => {
    const kind = f.let(i32.load(0, control.kind));
    const chunks = f.let(i32.load(0, control.chunks));
    const chunk = f.let(atomic.add(control.next, 1));
    f.while(i32.less(chunk, chunks), () => {
      for (const [index, job] of kinds.entries()) {
        f.if(i32.equal(kind, index), () => f.call(job, { chunk, scratch }));
      }
      f.set(chunk, atomic.add(control.next, 1));
    });
  });

  module.function("runAlone", {}, (f) => {
    f.storeAtomic(control.next, 0);
    f.call(takeChunks, { scratch: i32.load(0, control.scratch) });
  });

  module.function("runTogether", { patience: "i32", wakes: "i32" }, (f, { patience, wakes }) => {
    f.storeAtomic(control.next, 0);
    const before = f.let(atomic.load(control.state));
    f.storeAtomic(control.state, i32.multiply(i32.add(i32.divide(before, oneJob), 1), oneJob));
    f.if(wakes, () => f.run(atomic.notify(control.state, mostThreads)));
    f.call(takeChunks, { scratch: i32.load(0, control.scratch) });
    f.run(atomic.or(control.state, closed));
    const left = f.let(patience);
    const joined = f.let(i32.constant(1));
    f.while(i32.and(i32.greaterSigned(left, 0), joined), () => {
      f.set(joined, i32.and(atomic.load(control.state), joinedMask));
      f.increase(left, -1);
    });
  });

  module.function("work", { thread: "i32", spins: "i32" }, (f, { thread, spins }) => {
    const last = f.let(i32.constant(0));
    const state = f.local("i32");
    // A thread that was woken on its caller's core keeps it from going on: it looks for a moment only, and for longer
    // each time that a job comes meanwhile, which shows that the caller runs on another.
    const few = f.let(i32.divide(spins, 64));
    const patience = f.let(few);
    const look = (): void => f.set(state, atomic.load(control.state));
    const nothing = i32.or(i32.equal(i32.divide(state, oneJob), last), i32.less(0, i32.and(state, closed)));
    f.repeatWhile(() => {
      look();
      spinWhile(f, nothing, patience, look);
      f.if(
        nothing,
        () => {
          f.run(atomic.add(control.sleeping, 1));
          look();
          f.while(nothing, () => {
            f.run(atomic.wait(control.state, state));
            look();
          });
          f.run(atomic.subtract(control.sleeping, 1));
          f.set(patience, i32.select(i32.load(0, control.patient), spins, few));
        },
        () => f.set(patience, i32.smaller(i32.multiply(patience, 4), spins)),
      );
      f.if(i32.load(0, control.ended), () => f.return());
      f.if(i32.equal(atomic.compareExchange(control.state, state, i32.add(state, 1)), state), () => {
        f.set(last, i32.divide(state, oneJob));
        const own = i32.multiply(i32.load(0, control.scratchStride), thread);
        f.call(takeChunks, { scratch: i32.add(i32.load(0, control.scratch), own) });
        f.run(atomic.subtract(control.state, 1));
        f.if(atomic.load(control.callerSleeps), () => f.run(atomic.notify(control.state, mostThreads)));
      });
    }, 1);
  });

  module.function("spin", { turns: "i32" }, (f, { turns }) => {
    const state = f.local("i32");
    const always = i32.less(i32.divide(state, oneJob), -1);
    spinWhile(f, always, turns, () => f.set(state, atomic.load(control.state)));
  });
}

function spinWhile(
  f: FunctionBuilder,
  nothing: ReturnType<typeof i32.and>,
  turns: Local<"i32">,
  look: () => void,
): void {
  const left = f.let(turns);
  f.while(i32.and(nothing, i32.greaterSigned(left, 0)), () => {
    look();
    f.increase(left, -1);
  });
}
