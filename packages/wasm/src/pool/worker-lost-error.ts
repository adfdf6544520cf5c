/** A thread of the pool did not finish its part of a call: it was killed, or the system ran out of memory. */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
  readonly code = "WORKER_LOST";

  constructor() {
    super("wasm backend: a thread of the pool ended in the middle of its work, so this call has no result: call again");
  }
}
