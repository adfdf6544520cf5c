import type { ReadableDType } from "../stored-dtype.js";

/**
 * TensorFlow's element types that are read and written, with the numbers of its enum `DataType`.
 *
 * Source: tensorflow/core/framework/types.proto
 */
export const typeNumbers: Readonly<Record<ReadableDType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  int16: 5,
  int8: 6,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  uint16: 17,
  float16: 19,
  uint32: 22,
  uint64: 23,
};

/** Those that are only listed. */
const listedNumbers: Readonly<Record<string, number>> = {
  string: 7,
  complex64: 8,
  qint8: 11,
  quint8: 12,
  qint32: 13,
  qint16: 15,
  quint16: 16,
  complex128: 18,
  resource: 20,
  variant: 21,
  float8_e5m2: 24,
  float8_e4m3: 25,
  float8_e4m3fnuz: 26,
  float8_e5m2fnuz: 28,
};

const names: ReadonlyMap<number, string> = new Map(
  Object.entries({ ...typeNumbers, ...listedNumbers }).map(([name, number]) => [number, name]),
);

/** What entries call an element type; one that this package has no name for goes by its number. */
export function dtypeOf(number: number): string {
  return names.get(number) ?? `DataType ${number}`;
}
