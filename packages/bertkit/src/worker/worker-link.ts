import type { OpenBackendOptions } from "../devices.js";
import { backendWish } from "../shared-backend.js";
import { type Shared, Shares } from "../shares.js";
import { Peer } from "./peer.js";
import type { CallerMethods, DownloadEvent, WorkerMethods } from "./protocol.js";
import { type StartedWorker, startWorker } from "./start-worker.js";
import { WorkerEndedError } from "./worker-ended-error.js";

/** The caller's side of a worker, which all models with the same wishes for a backend share. */
export class WorkerLink implements Disposable {
  readonly peer: Peer<CallerMethods, WorkerMethods>;
  /** Where the texts of a call come from, by its number. */
  readonly texts = new Map<number, () => Promise<readonly string[] | undefined>>();
  /** Who hears of a loading, by its number. */
  readonly listeners = new Map<number, (event: DownloadEvent) => void>();
  readonly #worker: StartedWorker;
  #numbers = 0;

  /** `onEnd` is told when the worker has ended by itself. */
  constructor(onEnd: () => void) {
    this.#worker = startWorker((reason, cause) => {
      onEnd();
      const message = `the worker that encodes has ended (${reason}): load the model again`;
      this.peer.fail(new WorkerEndedError(message, { cause }));
    });
    this.peer = new Peer(this.#worker.port, {
      texts: (call) => this.texts.get(call)?.(),
      downloading: (event) => this.listeners.get(event.load)?.(event),
    });
  }

  /** A number for a call or a loading that no other has. */
  nextNumber(): number {
    return ++this.#numbers;
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.peer.fail(new WorkerEndedError("the worker that encodes was closed"));
  }
}

const links = new Shares<WorkerLink>();

/** The worker that all who want these options share. Throws `UnsupportedError` where there are no workers. */
export function shareWorker(options: OpenBackendOptions): Promise<Shared<WorkerLink>> {
  const wish = backendWish(options);
  return links.take(wish, async () => new WorkerLink(() => links.forget(wish)));
}
