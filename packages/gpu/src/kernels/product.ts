import type { UnaryKind } from "@bertkit/tensor";
import { activate } from "../wgsl/functions.js";
import { repeated, type Shader, shader } from "../wgsl/shader.js";
import { walkText, walkTypes } from "../wgsl/strides.js";

/** What a workgroup computes: `rows` × `columns` of the product, each thread `threadRows` × 4 of them. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** How much of the inner extent is in workgroup memory at a time. */
  readonly depth: number;
  readonly threadRows: number;
}

export interface ProductForm {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Axes before the last two, as few as the operands' strides allow. */
  readonly rank: number;
  readonly bias: boolean;
  readonly activation: UnaryKind | undefined;
}

type ProductParameter = "rows" | "columns" | "inner" | "tileRows" | "tileColumns";

/**
 * activation(a × b + bias) by tiles in workgroup memory. Every element's sum goes through the inner extent in order, by
 * explicit fused multiply-adds, so that neither the tile nor the other rows change a bit of it.
 */
export function productShader(form: ProductForm, tile: Tile): Shader<"a" | "b" | "bias" | "out", ProductParameter> {
  return shader({
    name: `product ${tile.rows}×${tile.columns}`,
    threads: (tile.rows / tile.threadRows) * (tile.columns / 4),
    reads: { a: "f32", b: "f32", bias: "f32" },
    writes: { out: "f32" },
    parameters: {
      ...walkTypes(form.rank, ["a", "b"]),
      rows: "u32",
      columns: "u32",
      inner: "u32",
      tileRows: "u32",
      tileColumns: "u32",
    },
    declarations: declarations(form, tile),
    body: body(form, tile),
  });
}

function declarations(form: ProductForm, { rows, columns, depth }: Tile): string {
  return `
var<workgroup> left: array<vec4<f32>, ${(depth * rows) / 4}>;
var<workgroup> right: array<vec4<f32>, ${(depth * columns) / 4}>;
fn leftAt(block: u32, row: u32, k: u32) -> f32 {
  if (row >= p.rows || k >= p.inner) { return 0.0; }
  return a[block + ${form.transposeA ? "k * p.rows + row" : "row * p.inner + k"}];
}
fn rightAt(block: u32, column: u32, k: u32) -> f32 {
  if (column >= p.columns || k >= p.inner) { return 0.0; }
  return b[block + ${form.transposeB ? "column * p.inner + k" : "k * p.columns + column"}];
}
${activate(form.activation)}`;
}

function body(form: ProductForm, tile: Tile): string {
  const { rows, columns, depth, threadRows } = tile;
  const sums = (line: (i: number) => string): string => repeated(threadRows, line);
  return `  let tiles = p.tileRows * p.tileColumns;
  let block = group / tiles;
${walkText(form.rank, ["a", "b"], "block")}
  let firstRow = (group % tiles) / p.tileColumns * ${rows}u;
  let firstColumn = group % p.tileColumns * ${columns}u;
  let x = lane % ${columns / 4}u;
  let y = lane / ${columns / 4}u;
${sums((i) => `  var sum${i} = vec4<f32>();`)}
  for (var start = 0u; start < p.inner; start += ${depth}u) {
${load("left", "firstRow", "aAt", rows, { tile, alongDepth: !form.transposeA })}
${load("right", "firstColumn", "bAt", columns, { tile, alongDepth: form.transposeB })}
    workgroupBarrier();
    for (var k = 0u; k < ${depth}u; k++) {
      let across = right[k * ${columns / 4}u + x];
${repeated(threadRows / 4, (i) => `      let down${i} = left[k * ${rows / 4}u + y * ${threadRows / 4}u + ${i}u];`)}
${sums((i) => `      sum${i} = fma(vec4<f32>(down${i >> 2}[${i & 3}]), across, sum${i});`)}
    }
    workgroupBarrier();
  }
  let row = firstRow + y * ${threadRows}u;
  let column = firstColumn + 4u * x;
${sums((i) => storeRow(form, i))}`;
}

/** Fills a tile of workgroup memory, by vectors of four rows or columns; neighbours read along what lies together. */
function load(
  side: "left" | "right",
  first: string,
  block: string,
  extent: number,
  { tile, alongDepth }: { readonly tile: Tile; readonly alongDepth: boolean },
): string {
  const { rows, columns, depth, threadRows } = tile;
  const threads = (rows / threadRows) * (columns / 4);
  const quads = extent / 4;
  const [k, quad] = alongDepth ? [`slot % ${depth}u`, `slot / ${depth}u`] : [`slot / ${quads}u`, `slot % ${quads}u`];
  const element = (i: number): string => `${side}At(${block}, outer + ${i}u, start + k)`;
  return `    for (var slot = lane; slot < ${quads * depth}u; slot += ${threads}u) {
      let k = ${k};
      let quad = ${quad};
      let outer = ${first} + 4u * quad;
      ${side}[k * ${quads}u + quad] = vec4<f32>(${[0, 1, 2, 3].map(element).join(", ")});
    }`;
}

function storeRow({ bias }: ProductForm, i: number): string {
  const value = bias ? `sum${i}[j] + bias[column + j]` : `sum${i}[j]`;
  return `  if (row + ${i}u < p.rows) {
    for (var j = 0u; j < min(4u, max(column, p.columns) - column); j++) {
      out[(block * p.rows + row + ${i}u) * p.columns + column + j] = activate(${value});
    }
  }`;
}
