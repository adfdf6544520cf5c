/** A worker that ended while it was needed: killed, out of memory, or unable to start. Loading again starts another. */
export class WorkerEndedError extends Error {
  override readonly name = "WorkerEndedError";
  readonly code = "WORKER_ENDED";
}
