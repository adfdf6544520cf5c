import type { Machine } from "./machine.js";
import type { Block } from "./panels.js";

/** Bytes of panels that pass each row at once, if it is more than one: half of a first-level cache. */
const panelsAtOnce = 24576;

/** How many rows a product goes through at once: they and their sums stay in the second-level cache. */
export const rowsAtOnce = 192;

/** Bytes of scratch for the columns that do not fill a panel. */
export const edgeBytes = ({ tile }: Machine): number => 4 * rowsAtOnce * tile.columns;

export interface Product {
  readonly left: Block;
  /** The packed right side, [left.columns, columns]. */
  readonly right: number;
  /** Where each sum starts: an address of `columns` floats, or 0 to start from 0. */
  readonly bias: number;
  readonly out: number;
  readonly outStride: number;
  readonly columns: number;
  /** `edgeBytes` of scratch, used where `columns` is no multiple of the tile's. */
  readonly edge: number;
}

/** out = left · right + bias, row block by row block; `done` hears of each while it is in the cache. */
export function multiply(machine: Machine, product: Product, done?: (firstRow: number, rows: number) => void): void {
  for (let first = 0; first < product.left.rows; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, product.left.rows - first);
    multiplyRows(machine, product, first, rows);
    done?.(first, rows);
  }
}

function multiplyRows({ functions, tile }: Machine, product: Product, first: number, rows: number): void {
  const { left, right, bias, outStride, columns, edge } = product;
  const depth = left.columns;
  const a = left.address + first * left.stride;
  const out = product.out + first * outStride;
  const panelStride = 4 * tile.columns * depth;
  const panels = Math.floor(columns / tile.columns);
  if (panels > 0) {
    // Once at least: a product of depth 0 is its bias.
    for (let from = 0; from === 0 || from < depth; from += tile.depth) {
      const piece = Math.min(tile.depth, depth - from);
      const group = Math.max(1, Math.floor(panelsAtOnce / (4 * tile.columns * piece)));
      for (let panel = 0; panel < panels; panel += group) {
        const count = Math.min(group, panels - panel);
        const b = right + panel * panelStride + 4 * tile.columns * from;
        const column = 4 * panel * tile.columns;
        const start = bias && bias + column;
        functions.gemm(
          a + 4 * from,
          left.stride,
          b,
          panelStride,
          out + column,
          outStride,
          rows,
          count,
          piece,
          start,
          from,
        );
      }
    }
  }
  const rest = columns - panels * tile.columns;
  if (rest > 0) {
    const edgeStride = 4 * tile.columns;
    const edgeBias = bias && bias + 4 * panels * tile.columns;
    const b = right + panels * panelStride;
    functions.gemm(a, left.stride, b, panelStride, edge, edgeStride, rows, 1, depth, edgeBias, 0);
    functions.copyBlock(edge, edgeStride, out + 4 * panels * tile.columns, outStride, rows, rest);
  }
}
