import type { Writable } from "node:stream";
import { codeOf, exitCodes, Failure, systemFailure } from "../failure.js";

/** Where output goes. Disposed of before it is complete, a file leaves nothing behind. */
export interface Destination extends AsyncDisposable {
  /** Resolves when there is room for more, so that memory stays constant however slow the reader is. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Writes what was held back; a file gets its name now. */
  complete(): Promise<void>;
}

/** Waits for room where a stream asks for it, and turns its errors into failures. */
export class StreamWriter {
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(
    readonly stream: Writable,
    readonly name: string,
    readonly signal: AbortSignal,
  ) {
    stream.on("error", (error: unknown) => {
      this.#error = error;
      this.#wake?.();
    });
    stream.on("drain", () => this.#wake?.());
    signal.addEventListener("abort", () => this.#wake?.(), { once: true });
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    this.#check();
    if (this.stream.write(chunk)) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#check();
  }

  /** Resolves when all that was written has left. */
  async flush(): Promise<void> {
    this.#check();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.stream.write("", () => resolve());
    });
    this.#check();
  }

  #check(): void {
    this.signal.throwIfAborted();
    if (this.#error === undefined) return;
    // Whoever reads the pipe has seen enough: no error, but no reason to go on.
    if (codeOf(this.#error) === "EPIPE") throw new Failure("", { exitCode: exitCodes.ok });
    throw systemFailure(this.name, this.#error);
  }
}

/** Standard output. */
export function standardOutput(signal: AbortSignal): Destination {
  const writer = new StreamWriter(process.stdout, "standard output", signal);
  return {
    write: (chunk) => writer.write(chunk),
    complete: () => writer.flush(),
    [Symbol.asyncDispose]: async () => {},
  };
}
