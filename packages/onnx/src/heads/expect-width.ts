import type { Linear } from "@bertkit/layers";
import { ShapeError } from "@bertkit/tensor";

/** Throws `ShapeError` for a part that was made for another width. */
export function expectWidth({ weight }: Linear, width: number, what: string): void {
  const wanted = weight.shape[1];
  if (wanted === width) return;
  throw new ShapeError(`${what} was made for a width of ${wanted}, it stands on one of ${width}: use its own encoder`);
}
