import { f32x4, v128 } from "./emit/expression.js";
import { ModuleBuilder } from "./emit/module-builder.js";
import type { Engine } from "./kernels/emit-kernels.js";
import type { Tile } from "./kernels/gemm.js";

/** What to take instead of what fits the engine best; for tests and measurements. */
export interface EngineOptions {
  /** False: a product and a sum, even where the engine has them as one instruction. */
  readonly fusedMultiplyAdd?: boolean;
  /** How products are cut. It changes the speed, never a bit of the result. */
  readonly tile?: Tile;
}

/** What fits this JavaScript engine, or undefined where it has no WebAssembly SIMD. */
export function chooseEngine(
  { fusedMultiplyAdd = true, tile }: EngineOptions = {},
  shared = false,
): Engine | undefined {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(probe(f32x4.add))) return undefined;
  const fused = fusedMultiplyAdd && canFuse();
  return { fused, tile: tile ?? (allocatesRegistersWell() ? tiles.roomy : tiles.tight), shared };
}

/** The same engine, its products in tiles for operations of 256 bits. */
export function widened(engine: Engine, { tile }: EngineOptions = {}): Engine {
  return { ...engine, tile: tile ?? tiles.wide };
}

/*
 * Billions of operations a second (multiplications and additions) for 132 × 384 × 384, on a server core of 2023 whose
 * 128-bit units do about 66:
 *
 *   rows × columns           6×8   5×8   4×8   3×12   2×16
 *   V8 13.6 (Node 24), FMA    66    65    58     58     60
 *   V8 12.4 (Node 22), FMA    42    38    60     58     64
 *   V8 11.3 (Node 20)         37    40    47     38     48
 *
 * The same where pairs of operations become one of 256 bits (src/wide), whose units do about 117:
 *
 *   rows × columns           6×16  5×16  4×16  2×32  6×8  4×24  3×32
 *   V8 13.6 (Node 24), FMA    116   112    99   102   78    73    72
 *   V8 14.6 (Node 26), FMA    116   108    99   102   78    72    73
 *
 * Unrolling the depth gains at most 1 % and costs the older ones up to a quarter, so no kernel does.
 */
const tiles = {
  /** 12 sums, 2 vectors of a panel and 1 of a row take 15 of the 16 registers. */
  roomy: { rows: 6, columns: 8, depth: 1536 },
  /** Older compilers spill registers in that; with so few rows, a piece of a panel must stay in the first-level cache. */
  tight: { rows: 2, columns: 16, depth: 384 },
  /** Two neighbouring vectors make one of 256 bits: 12 sums, 2 of a panel and 1 of a row, as in `roomy`. */
  wide: { rows: 6, columns: 16, depth: 384 },
} as const;

/**
 * Whether the compiler keeps 15 vectors in registers. There is no way to ask, and timing it would see the baseline
 * compiler; but V8's new one for WebAssembly (Turboshaft) is older than its Float16Array, and so are the current
 * compilers of other engines.
 */
const allocatesRegistersWell = (): boolean => "Float16Array" in globalThis;

/** An engine may know the instruction and still get it wrong: what is used is tested. */
function canFuse(): boolean {
  const bytes = probe((a, b) => f32x4.relaxedMultiplyAdd(a, b, -1));
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const x = new Float32Array(memory.buffer, 0, 4);
  x.fill(1 + 2 ** -12);
  (exports as unknown as { probe(): void }).probe();
  // (1 + 2⁻¹²)² − 1 in one rounding; in two the last bit is lost.
  return x.every((value) => value === 2 ** -11 + 2 ** -24);
}

/** A module that replaces the vector at address 0 by operation(itself, itself). */
function probe(operation: typeof f32x4.add): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(f32x4.relaxedMultiplyAdd);
  module.function("probe", {}, (f) => f.store(0, operation(v128.load(0), v128.load(0))));
  return module.finish();
}
