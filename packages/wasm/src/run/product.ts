import type { UnaryKind } from "@bertkit/tensor";
import { type RareUnaryKind, unaryNumber } from "../kernels/unary.js";
import type { Machine } from "./machine.js";
import type { Block } from "./panels.js";

/** Rows of a chunk at most: they and their sums stay in the second-level cache. */
const mostRows = 192;

export interface Product {
  readonly left: Block;
  /** The packed right side, [left.columns, columns]. */
  readonly right: number;
  /** Where each sum starts: an address of `columns` floats, or 0 to start from 0. */
  readonly bias: number;
  readonly activation?: Exclude<UnaryKind, RareUnaryKind> | undefined;
  readonly out: number;
  readonly outStride: number;
  readonly columns: number;
  /** `edgeBytes` of scratch, used where `columns` is no multiple of the tile's. */
  readonly edge: number;
}

/** Bytes of scratch for the columns that do not fill a panel. */
export const edgeBytes = (machine: Machine): number => machine.threads * edgeStride(machine);

const edgeStride = ({ tile }: Machine): number => 4 * mostRows * tile.columns;

/** out = activation(left · right + bias), shared by all threads if it is large enough. */
export function multiply(machine: Machine, product: Product): void {
  const { left, right, bias, activation, out, outStride, columns, edge } = product;
  const { rowsAtOnce, columnsAtOnce, columnBlocks, chunks } = cut(machine, left.rows, columns, left.columns);
  machine.run("product", {
    parameters: {
      a: left.address,
      aStride: left.stride,
      b: right,
      bias,
      c: out,
      cStride: outStride,
      rows: left.rows,
      columns,
      depth: left.columns,
      activation: unaryNumber(activation),
      rowsAtOnce,
      columnsAtOnce,
      columnBlocks,
    },
    chunks,
    scratch: { address: edge, stride: edgeStride(machine) },
  });
}

/** Multiplications below which waking others takes longer than doing it: about 2 µs. */
const fewMultiplications = 2 ** 17;
/** Rows of a chunk that is shared, and chunks for each thread: with more, threads end together; with fewer, each costs less. */
const sharedRows = 96;
const chunksPerThread = 6;

interface Cutter {
  readonly threads: number;
  readonly tile: { readonly rows: number; readonly columns: number };
}

export interface Cut {
  readonly rowsAtOnce: number;
  readonly columnsAtOnce: number;
  readonly columnBlocks: number;
  readonly chunks: number;
}

/** A product in chunks: in blocks of rows, whole tiles but the last, and those, where threads share it, of columns. */
export function cut({ threads, tile }: Cutter, rows: number, columns: number, depth: number): Cut {
  const alone = threads === 1 || rows * columns * depth < fewMultiplications;
  const tiles = Math.max(1, Math.ceil(rows / tile.rows));
  const tilesAtMost = Math.floor((alone ? mostRows : sharedRows) / tile.rows);
  const rowsAtOnce = tile.rows * Math.ceil(tiles / Math.ceil(tiles / tilesAtMost));
  const rowBlocks = Math.ceil(rows / rowsAtOnce);
  const panels = Math.max(1, Math.ceil(columns / tile.columns));
  const wanted = alone ? 1 : Math.min(panels, Math.ceil((threads * chunksPerThread) / rowBlocks));
  const columnsAtOnce = tile.columns * Math.ceil(panels / wanted);
  const columnBlocks = Math.max(1, Math.ceil(columns / columnsAtOnce));
  return { rowsAtOnce, columnsAtOnce, columnBlocks, chunks: rowBlocks * columnBlocks };
}
