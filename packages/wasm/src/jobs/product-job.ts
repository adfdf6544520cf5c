import { i32 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { productSignature } from "../kernels/product.js";
import type { UnaryCallable } from "../kernels/unary.js";
import { type ChunkCallable, emitJob, regionOf, regionsSignature } from "./job.js";

/** activation(a · b + bias), a block of rows and of columns a chunk; scratch is the `edge` of the kernel `product`. */
export const productJob = {
  a: "i32",
  aStride: "i32",
  b: "i32",
  bias: "i32",
  c: "i32",
  cStride: "i32",
  depth: "i32",
  /** A `unaryNumber`. */
  activation: "i32",
  ...regionsSignature,
} as const;

export type UnaryCallables = readonly UnaryCallable[];

export function emitProductJob(
  module: ModuleBuilder,
  product: Callable<typeof productSignature>,
  unary: UnaryCallables,
): ChunkCallable {
  return emitJob(module, "product", productJob, (f, { p, chunk, scratch }) => {
    const { aStride, cStride, depth } = p;
    const { firstRow, rows, before, columns } = regionOf(f, chunk, p);
    const a = i32.add(p.a, i32.multiply(firstRow, aStride));
    const b = i32.add(p.b, i32.multiply(before, depth));
    const bias = i32.select(p.bias, i32.add(p.bias, before), 0);
    const c = f.let(i32.add(i32.add(p.c, i32.multiply(firstRow, cStride)), before));
    f.call(product, { a, aStride, b, bias, c, cStride, rows, columns, depth, edge: scratch });
    f.if(p.activation, () => activate(f, unary, p.activation, { at: c, stride: cStride, rows, columns }));
  });
}

interface Region {
  readonly at: Local<"i32">;
  readonly stride: Local<"i32">;
  readonly rows: Local<"i32">;
  readonly columns: Local<"i32">;
}

/** Applies the function of that number, row by row, while the region is in a cache. */
export function activate(
  f: FunctionBuilder,
  unary: UnaryCallables,
  activation: Local<"i32">,
  { at, stride, rows, columns }: Region,
): void {
  const x = f.let(at);
  f.count(rows, () => {
    for (const [index, apply] of unary.entries()) {
      f.if(i32.equal(activation, index + 1), () => f.call(apply, { x, out: x, count: columns }));
    }
    f.increase(x, stride);
  });
}
