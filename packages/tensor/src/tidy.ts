import { UnsupportedError } from "./errors.js";
import { Scope } from "./scope.js";
import type { Tensor } from "./tensor.js";

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
