import { f32, i32 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local, Parameters, Signature } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { control } from "../pool/control.js";

/** Extents and addresses ("i32") and numbers ("f32"): what a job is told, one 4-byte word each. */
export type JobSignature = Readonly<Record<string, "i32" | "f32">>;

/** Does one chunk of a job; `scratch` is the work area of the thread that does it. */
const chunkSignature = { chunk: "i32", scratch: "i32" } as const;
export type ChunkCallable = Callable<typeof chunkSignature>;

interface Chunk<S extends JobSignature> {
  readonly p: Parameters<S>;
  readonly chunk: Local<"i32">;
  readonly scratch: Local<"i32">;
}

/**
 * Adds the function that does one chunk of a kind of job. Chunks of a job may run in any order and at once, so none
 * reads what another writes.
 */
export function emitJob<S extends JobSignature>(
  module: ModuleBuilder,
  name: string,
  signature: S,
  body: (f: FunctionBuilder, chunk: Chunk<S>) => void,
): ChunkCallable {
  return module.function(`job.${name}`, chunkSignature, (f, { chunk, scratch }) => {
    const locals = Object.entries(signature).map(([field, type], index) => {
      const offset = control.parameters + 4 * index;
      return [field, type === "f32" ? f.let(f32.load(0, offset)) : f.let(i32.load(0, offset))];
    });
    body(f, { p: Object.fromEntries(locals) as Parameters<S & Signature>, chunk, scratch });
  });
}

/** The rows of one chunk of those that go through a job in blocks: how many, and the first. */
export function rowsOf(
  f: FunctionBuilder,
  block: Local<"i32">,
  { rows, rowsAtOnce }: { readonly rows: Local<"i32">; readonly rowsAtOnce: Local<"i32"> },
): { readonly first: Local<"i32">; readonly count: Local<"i32"> } {
  const first = f.let(i32.multiply(block, rowsAtOnce));
  const left = f.let(i32.subtract(rows, first));
  return { first, count: f.let(i32.smaller(left, rowsAtOnce)) };
}

/** What a job is told that is cut in blocks of rows and, side by side, of columns. */
export const regionsSignature = {
  rows: "i32",
  columns: "i32",
  rowsAtOnce: "i32",
  /** A multiple of the tile's columns. */
  columnsAtOnce: "i32",
  /** How many chunks lie side by side. */
  columnBlocks: "i32",
} as const;

/** The rows and columns of one chunk of such a job: the first row, and the bytes of a row before the first column. */
export function regionOf(
  f: FunctionBuilder,
  chunk: Local<"i32">,
  p: Parameters<typeof regionsSignature>,
): Readonly<Record<"firstRow" | "rows" | "before" | "columns", Local<"i32">>> {
  const { first: firstRow, count: rows } = rowsOf(f, f.let(i32.divide(chunk, p.columnBlocks)), p);
  const column = f.let(i32.multiply(i32.remainder(chunk, p.columnBlocks), p.columnsAtOnce));
  const left = f.let(i32.subtract(p.columns, column));
  return {
    firstRow,
    rows,
    before: f.let(i32.shiftLeft(column, 2)),
    columns: f.let(i32.smaller(left, p.columnsAtOnce)),
  };
}
