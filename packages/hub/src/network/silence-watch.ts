/** Aborts its signal when nothing has been heard for so long, or when the signal it is given aborts. */
export class SilenceWatch implements Disposable {
  readonly signal: AbortSignal;
  /** The signal it was given. */
  readonly caller: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expired = false;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    this.#milliseconds = milliseconds;
    this.caller = signal;
    this.signal = signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
    this.heard();
  }

  /** Whether it was silence that ended it. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Starts the wait anew. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.#controller.abort();
    }, this.#milliseconds);
  }

  /** Ends the wait, and whatever still listens to the signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
