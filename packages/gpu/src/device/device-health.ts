import { DisposedError, UnsupportedError } from "@bertkit/tensor";

/**
 * What went wrong on a device. WebGPU tells of it later than the call that caused it; from then on every call throws
 * the first error, since nothing computed after it can be trusted.
 */
export class DeviceHealth implements Disposable {
  #failure: Error | undefined;

  constructor(private readonly device: GPUDevice) {
    device.addEventListener("uncapturederror", this.#note);
    void device.lost.then(({ reason, message }) => {
      this.fail(`the device was lost (${message || reason}): open a new backend`);
    });
  }

  /** Throws `UnsupportedError` with what went wrong, `DisposedError` after closing; else does nothing. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Makes every later `check` throw, unless an earlier error stands. */
  fail(message: string, cause?: unknown): void {
    this.#failure ??= new UnsupportedError(`gpu backend: ${message}`, { cause });
  }

  /** Ends the watch; from now on `check` throws `DisposedError`. */
  [Symbol.dispose](): void {
    this.#failure = new DisposedError("gpu backend: it was disposed of");
    this.device.removeEventListener("uncapturederror", this.#note);
  }

  readonly #note = (event: GPUUncapturedErrorEvent): void => {
    event.preventDefault(); // it is thrown where the caller sees it: the console need not have it too
    const { error } = event;
    const full = typeof GPUOutOfMemoryError !== "undefined" && error instanceof GPUOutOfMemoryError;
    const outOfMemory = full || error.constructor.name === "GPUOutOfMemoryError";
    this.fail(
      outOfMemory
        ? `the device has no more memory (${error.message.trim()}): a smaller batch needs less; open a new backend`
        : `the device refused a call (${error.message.trim()}): open a new backend`,
      error,
    );
  };
}
