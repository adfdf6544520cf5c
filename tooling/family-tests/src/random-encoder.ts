import type { Module, PackedBatch } from "@bertkit/layers";
import { type Backend, RandomStream, sizeOf } from "@bertkit/tensor";
import { positionsOf } from "@bertkit-tooling/test-data";

/** A module with all parameters random and large enough to matter, biases and LayerNorms too. */
export function withRandomParameters<Part extends Module>(backend: Backend, part: Part, seed = 5): Part {
  const random = new RandomStream(seed);
  for (const [, parameter] of part.parameters()) {
    parameter.place(
      backend,
      Float32Array.from({ length: sizeOf(parameter.shape) }, () => 0.4 * random.normal()),
    );
  }
  return part;
}

/** How `randomBatch` fills a batch. */
export interface RandomBatchOptions {
  /** Ids are below it. */
  readonly vocabulary: number;
  /** A sequence's ids are told by its seed; default its length. */
  readonly seeds?: readonly number[] | undefined;
  /** The type of the token at a place of a sequence of some length; default 0. */
  readonly typeId?: ((place: number, length: number) => number) | undefined;
}

/** Random sequences of these lengths, end to end. */
export function randomBatch(
  lengths: readonly number[],
  { vocabulary, seeds = lengths, typeId = () => 0 }: RandomBatchOptions,
): PackedBatch {
  const offsets = [0];
  for (const length of lengths) offsets.push(offsets.at(-1)! + length);
  const perToken = (valuesOf: (length: number, i: number) => readonly number[]): Int32Array =>
    Int32Array.from(lengths.flatMap(valuesOf));
  return {
    ids: perToken((length, i) => {
      const random = new RandomStream(seeds[i]!);
      return Array.from({ length }, () => Math.floor(random.uniform() * vocabulary));
    }),
    typeIds: perToken((length) => Array.from({ length }, (_, place) => typeId(place, length))),
    positions: positionsOf(Int32Array.from(offsets)),
    offsets: Int32Array.from(offsets),
  };
}
