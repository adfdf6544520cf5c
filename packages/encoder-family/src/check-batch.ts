import type { PackedBatch } from "@bertkit/layers";
import { ShapeError } from "@bertkit/tensor";

/** Throws `ShapeError` unless a batch's offsets cut its tokens into sequences, none empty, and no token lacks anything. */
export function checkBatch({ ids, typeIds, positions, offsets }: PackedBatch): void {
  const ascending = offsets.every((offset, i) => i === 0 || offset > offsets[i - 1]!);
  if (offsets[0] !== 0 || offsets.at(-1) !== ids.length || !ascending) {
    const shown = `${offsets.slice(0, 8).join(", ")}${offsets.length > 8 ? ", …" : ""}`;
    throw new ShapeError(
      `a packed batch needs offsets that rise from 0 to its ${ids.length} tokens, no sequence empty, got [${shown}]`,
    );
  }
  if (typeIds.length !== ids.length || positions.length !== ids.length) {
    throw new ShapeError(
      `a packed batch of ${ids.length} ids has ${typeIds.length} type ids and ${positions.length} positions`,
    );
  }
}

/** Throws `ShapeError` for a sequence of more tokens than a model has positions for. */
export function checkLengths(offsets: Int32Array, maxPositions: number): void {
  for (let i = 0; i + 1 < offsets.length; i++) {
    const length = offsets[i + 1]! - offsets[i]!;
    if (length > maxPositions) {
      throw new ShapeError(
        `sequence ${i} has ${length} tokens, this model takes ${maxPositions}: truncate it when tokenising`,
      );
    }
  }
}
