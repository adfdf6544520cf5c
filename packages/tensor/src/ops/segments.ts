import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import { expectOffsets, expectRank, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { multiply } from "./arithmetic.js";
import { reshape } from "./reshape.js";
import { gatherRows, scatterAddRows } from "./rows.js";

/**
 * The sum of each segment's rows; 0 for an empty one. Segment s is rows offsets[s] … offsets[s+1].
 * [rows, width] → [segments, width]. Throws `ShapeError`, as the next two do.
 */
export function segmentSum(x: Tensor, offsets: Int32Array): Tensor {
  checkOffsets("segmentSum", x, offsets);
  const segmentOfRow = new Int32Array(x.shape[0]!);
  for (let segment = 0; segment + 1 < offsets.length; segment++) {
    segmentOfRow.fill(segment, offsets[segment], offsets[segment + 1]);
  }
  return scatterAddRows(x, Tensor.from(x.backend, segmentOfRow), offsets.length - 1);
}

/** The mean of each segment's rows; 0 for an empty one. [rows, width] → [segments, width] */
export function segmentMean(x: Tensor, offsets: Int32Array): Tensor {
  const sums = segmentSum(x, offsets);
  const inverse = Float64Array.from(offsets.subarray(1), (end, s) => 1 / Math.max(1, end - offsets[s]!));
  return multiply(sums, Tensor.from(x.backend, inverse, [inverse.length, 1]));
}

/** The largest element of each column in each segment, none of them empty. [rows, width] → [segments, width] */
export function segmentMax(x: Tensor, offsets: Int32Array): Tensor {
  checkOffsets("segmentMax", x, offsets);
  if (offsets.subarray(1).some((end, s) => end === offsets[s])) {
    throw new ShapeError("segmentMax: an empty segment has no largest row");
  }
  const shape = [offsets.length - 1, x.shape[1]!];
  const { backend } = x;
  const where = Tensor.empty(backend, shape, "int32");
  backend.kernels.segmentArgmax(x, offsets, where);
  return reshape(gatherRows(reshape(x, [sizeOf(x.shape), 1]), where.viewAs([sizeOf(shape)])), shape);
}

function checkOffsets(caller: string, x: Tensor, offsets: Int32Array): void {
  floatBackendOf(caller, x);
  expectRank(`${caller}: x`, x, 2);
  expectOffsets(`${caller}: offsets`, offsets, x.shape[0]!);
}
