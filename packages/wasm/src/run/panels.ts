import type { Machine } from "./machine.js";

/** A dense block of floats: rows `stride` bytes apart. */
export interface Block {
  readonly address: number;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

/** Bytes of a packed right side; `depth` in elements of 4 bytes. */
export const packedBytes = ({ tile }: Machine, depth: number, columns: number): number =>
  4 * Math.ceil(columns / tile.columns) * tile.columns * depth;

/** Packs a block whose columns are the product's columns: [depth, columns]. */
export function packColumns({ functions, tile }: Machine, { address, stride, rows, columns }: Block, to: number): void {
  functions.packColumns(address, stride, rows, columns, to, tile.columns);
}

/** Packs a block whose rows are the product's columns, as a weight has it: [outputs, inputs]. */
export function packRows({ functions, tile }: Machine, { address, stride, rows, columns }: Block, to: number): void {
  functions.packRows(address, stride, rows, columns, to, tile.columns);
}

/** Undoes `packRows` into a dense [outputs, inputs] block. */
export function unpackRows({ functions, tile }: Machine, packed: number, to: Block): void {
  const width = tile.columns;
  for (let first = 0; first < to.rows; first += width) {
    const panel = packed + 4 * first * to.columns;
    const rows = Math.min(width, to.rows - first);
    functions.transposeBlock(panel, 4 * width, to.address + first * to.stride, to.stride, to.columns, rows);
  }
}
