import type { Machine } from "./machine.js";

/*
 * The right side of a product is packed in panels of as many columns as a tile has: element (k, j) of the product's
 * right side lies at panel ⌊j / columns⌋, k · columns + j mod columns. The last panel is filled up with zeros.
 */

/** A dense block of floats: rows `stride` bytes apart. */
export interface Block {
  readonly address: number;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

/** Bytes of a packed right side. */
export const packedBytes = ({ tile }: Machine, depth: number, columns: number): number =>
  Math.ceil(columns / tile.columns) * panelBytes(tile.columns, depth);

/** Packs a block whose columns are the product's columns: [depth, columns]. */
export function packColumns(machine: Machine, block: Block, to: number): void {
  eachPanel(machine, block.rows, block.columns, to, (panel, first, columns) => {
    const from = block.address + 4 * first;
    machine.functions.copyBlock(from, block.stride, panel, 4 * machine.tile.columns, block.rows, columns);
  });
}

/** Packs a block whose rows are the product's columns, as a weight has it: [outputs, inputs]. */
export function packRows(machine: Machine, block: Block, to: number): void {
  eachPanel(machine, block.columns, block.rows, to, (panel, first, columns) => {
    const from = block.address + first * block.stride;
    machine.functions.transposeBlock(from, block.stride, panel, 4 * machine.tile.columns, columns, block.columns);
  });
}

/** Undoes `packRows` into a dense [outputs, inputs] block. */
export function unpackRows(machine: Machine, packed: number, to: Block): void {
  const width = machine.tile.columns;
  for (let first = 0; first < to.rows; first += width) {
    const panel = packed + (first / width) * panelBytes(width, to.columns);
    const rows = Math.min(width, to.rows - first);
    machine.functions.transposeBlock(panel, 4 * width, to.address + first * to.stride, to.stride, to.columns, rows);
  }
}

function eachPanel(
  { memory, tile }: Machine,
  depth: number,
  columns: number,
  to: number,
  pack: (panel: number, first: number, columns: number) => void,
): void {
  let panel = to;
  for (let first = 0; first < columns; first += tile.columns) {
    const inside = Math.min(tile.columns, columns - first);
    if (inside < tile.columns) memory.floats(panel, tile.columns * depth).fill(0);
    pack(panel, first, inside);
    panel += panelBytes(tile.columns, depth);
  }
}

const panelBytes = (width: number, depth: number): number => 4 * width * depth;
