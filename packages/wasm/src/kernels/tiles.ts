import { i32 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";

/** The sums that are in registers at once: one row of vectors for each row of a tile. */
export type Sums = readonly (readonly Local<"v128">[])[];

/** Where the rows of a product are; they move on from tile to tile. */
interface Rows {
  readonly a: Local<"i32">;
  readonly aStride: Local<"i32">;
  readonly c: Local<"i32">;
  readonly cStride: Local<"i32">;
  readonly rows: Local<"i32">;
}

/** Goes through the rows of a product tile by tile; `body` is written once for each height, with the sums of so many. */
export function forEachTile(
  f: FunctionBuilder,
  p: Rows,
  tile: { readonly rows: number; readonly vectors: number },
  body: (sums: Sums) => void,
): void {
  const sums = Array.from({ length: tile.rows }, () => Array.from({ length: tile.vectors }, () => f.local("v128")));
  f.while(p.rows, () => {
    const rows = nextTile(f, p.rows, tile.rows);
    const choose = (count: number): void =>
      f.if(i32.equal(rows, count), () => body(sums.slice(0, count)), count > 1 ? () => choose(count - 1) : undefined);
    choose(tile.rows);
    f.increase(p.a, i32.multiply(p.aStride, rows));
    f.increase(p.c, i32.multiply(p.cStride, rows));
    f.set(p.rows, i32.subtract(p.rows, rows));
  });
}

/**
 * How many of the rows that are left go next: a full tile, or half of a tile and a bit, so that none is so low that its
 * few sums wait for one another.
 */
function nextTile(f: FunctionBuilder, left: Local<"i32">, most: number): Local<"i32"> {
  const rows = f.let(left);
  f.if(i32.atLeast(left, most + 1), () => f.set(rows, i32.shiftRight(i32.add(left, 1), 1)));
  f.if(i32.atLeast(left, most + (most >> 1) + 1), () => f.set(rows, most));
  return rows;
}

/** Of so many rows from the first on. */
export function rowAddresses(
  f: FunctionBuilder,
  first: Local<"i32">,
  stride: Local<"i32">,
  rows: number,
): Local<"i32">[] {
  const addresses = [f.let(first)];
  while (addresses.length < rows) addresses.push(f.let(i32.add(addresses.at(-1)!, stride)));
  return addresses;
}
