/**
 * Where threads meet: addresses in the first page, before all blocks. A word that one thread changes while others look
 * has a cache line of its own.
 */
export const control = {
  /** Which job is on: its number · 256, + 128 once no thread may join any more, + how many have joined. */
  state: 64,
  /** The next chunk that nobody has taken. */
  next: 128,
  /** How many threads sleep. */
  sleeping: 192,
  /** What the job is; written before `state` says that there is one. */
  kind: 256,
  chunks: 260,
  /** Work area of thread t: scratch + t · scratchStride. */
  scratch: 264,
  scratchStride: 268,
  /** 1: threads are to end. */
  ended: 272,
  /** 1: threads that are woken look for jobs for long at once. */
  patient: 280,
  /** 1: the caller sleeps until the others have done their last chunks. */
  callerSleeps: 276,
  parameters: 320,
  end: 512,
} as const;

export const closed = 128;
/** The part of `state` that counts threads. */
export const joinedMask = 127;
export const mostThreads = joinedMask + 1;
/** `state` counts jobs in steps of this. */
export const oneJob = 256;
