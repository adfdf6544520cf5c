import { ensureDisposeSymbol } from "./disposable.js";
import { DisposedError } from "./errors.js";

ensureDisposeSymbol();

/** Owns what is made while it is open (tensors), and disposes of it when it closes. */
export class Scope implements Disposable {
  static current: Scope | undefined;
  /** How many ops the tape has remembered so far. */
  static recorded = 0;

  readonly #recordedAtStart = Scope.recorded;
  readonly #outer = Scope.current;
  readonly #owned = new Set<Disposable>();

  constructor() {
    Scope.current = this;
  }

  own(item: Disposable): void {
    this.#owned.add(item);
  }

  /** Hands one over to the surrounding scope, or to the caller where there is none. */
  keep(item: Disposable): void {
    if (this.#owned.delete(item)) this.#outer?.own(item);
  }

  /** Throws `DisposedError` when an inner scope is still open: scopes nest, and nothing may be awaited inside one. */
  [Symbol.dispose](): void {
    if (Scope.current !== this) {
      throw new DisposedError("a scope closed while an inner one was open: do not await inside tidy()");
    }
    Scope.current = this.#outer;
    // What the tape remembered may still need any of this, so the surrounding scope takes it over.
    const needed = Scope.recorded !== this.#recordedAtStart;
    for (const item of this.#owned) {
      if (needed) this.#outer?.own(item);
      else item[Symbol.dispose]();
    }
  }
}
