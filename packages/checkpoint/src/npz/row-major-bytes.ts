import type { ByteSource } from "../bytes/byte-source.js";

// Columns whose wanted parts lie no farther apart than this are read together with what is between.
const largestGap = 64 * 2 ** 10;
const pieceSize = 4 * 2 ** 20;

/**
 * An array that lies column-major (the first axis is the fastest), as if it lay row-major. Reads must begin and end
 * between two elements. Whole rows are gathered from every column, so that a few rows of a large array cost many small
 * reads or, where they lie close together, the array. Closing it closes the other.
 *
 * @param bytes the array and nothing else
 * @param width bytes of an element
 */
export function rowMajorBytes(bytes: ByteSource, shape: readonly number[], width: number): ByteSource {
  const [rows = 1, ...inner] = shape;
  const columns = inner.reduce((product, extent) => product * extent, 1);
  const [rowSize, columnSize] = [columns * width, rows * width];
  return {
    ...bytes,
    async read(from, into, signal) {
      const first = Math.floor(from / rowSize);
      const last = Math.ceil((from + into.length) / rowSize);
      const runSize = (last - first) * width;
      const isClose = columnSize - runSize <= largestGap;
      const together = isClose ? Math.max(1, Math.min(columns, Math.floor(pieceSize / columnSize))) : 1;
      const piece = new Uint8Array((together - 1) * columnSize + runSize);
      for (let column = 0; column < columns; column += together) {
        const count = Math.min(together, columns - column);
        const part = piece.subarray(0, (count - 1) * columnSize + runSize);
        await bytes.read(column * columnSize + first * width, part, signal);
        for (let i = 0; i < count; i++) {
          const run = part.subarray(i * columnSize, i * columnSize + runSize);
          const begin = first * rowSize + rowMajorIndex(column + i, inner) * width - from;
          scatter(run, into, { begin, step: rowSize, width });
        }
      }
    },
  };
}

/** Where an element of an array stands row-major, by where it stands column-major. */
function rowMajorIndex(columnMajorIndex: number, shape: readonly number[]): number {
  let rest = columnMajorIndex;
  let index = 0;
  let step = shape.reduce((product, extent) => product * extent, 1);
  for (const extent of shape) {
    step /= extent;
    index += (rest % extent) * step;
    rest = Math.floor(rest / extent);
  }
  return index;
}

interface Placement {
  /** Where the first element goes; it may be before the memory's first byte. */
  readonly begin: number;
  readonly step: number;
  readonly width: number;
}

/** Puts elements at equal distances; those that fall outside of the memory are left out. */
function scatter(elements: Uint8Array, into: Uint8Array, { begin, step, width }: Placement): void {
  for (let from = 0, to = begin; from < elements.length && to < into.length; from += width, to += step) {
    if (to < 0) continue;
    for (let byte = 0; byte < width; byte++) into[to + byte] = elements[from + byte]!;
  }
}
