import { ensureDisposeSymbol } from "./disposable.js";
import { DisposedError, UnsupportedError } from "./errors.js";
import type { Tensor } from "./tensor.js";

ensureDisposeSymbol();

/** Owns the tensors made while it is open, and disposes of them when it closes. */
export class Scope implements Disposable {
  static current: Scope | undefined;
  /** How many ops the tape has remembered so far. */
  static recorded = 0;

  readonly #recordedAtStart = Scope.recorded;
  readonly #outer = Scope.current;
  readonly #owned = new Set<Tensor>();

  constructor() {
    Scope.current = this;
  }

  own(tensor: Tensor): void {
    this.#owned.add(tensor);
  }

  /** Hands a tensor to the surrounding scope, or to the caller where there is none. */
  keep(tensor: Tensor): void {
    if (this.#owned.delete(tensor)) this.#outer?.own(tensor);
  }

  /** Throws `DisposedError` when an inner scope is still open: scopes nest, and nothing may be awaited inside one. */
  [Symbol.dispose](): void {
    if (Scope.current !== this) {
      throw new DisposedError("a scope closed while an inner one was open: do not await inside tidy()");
    }
    Scope.current = this.#outer;
    // What the tape remembered may still need any of this, so the surrounding scope takes it over.
    const needed = Scope.recorded !== this.#recordedAtStart;
    for (const tensor of this.#owned) {
      if (needed) this.#outer?.own(tensor);
      else tensor[Symbol.dispose]();
    }
  }
}

/**
 * Runs `body`, keeps the tensors it returns and disposes of every other tensor made inside. `body` is synchronous:
 * throws `UnsupportedError` where it returns a promise. While a gradient is recorded everything lives until the walk
 * back, so wrapping a block in `tidy` is right in inference and in training.
 */
export function tidy<Kept extends Tensor | readonly Tensor[] | undefined>(body: () => Kept): Kept {
  using scope = new Scope();
  const kept = body();
  if (kept instanceof Promise) throw new UnsupportedError("tidy: its body must not be async: read() what it returns");
  const tensors: readonly Tensor[] = kept === undefined ? [] : Array.isArray(kept) ? kept : [kept];
  for (const tensor of tensors) scope.keep(tensor);
  return kept;
}
