import { type Expression, f32x4, i16x8, v128 } from "./emit/expression.js";
import { ModuleBuilder } from "./emit/module-builder.js";
import type { Engine } from "./kernels/emit-kernels.js";
import type { Tile } from "./kernels/gemm.js";
import type { QuantizedTile } from "./kernels/quantized-gemm.js";

/** What to take instead of what fits the engine best; for tests and measurements. */
export interface EngineOptions {
  /** False: a product and a sum, even where the engine has them as one instruction. */
  readonly fusedMultiplyAdd?: boolean;
  /** False: int8 products in 16-bit integers, even where the engine multiplies bytes. */
  readonly byteLevels?: boolean;
  /** How products are cut. It changes the speed, never a bit of the result. */
  readonly tile?: Tile;
  readonly quantizedTile?: QuantizedTile;
}

/** What fits this JavaScript engine, or undefined where it has no WebAssembly SIMD. */
export function chooseEngine(
  { fusedMultiplyAdd = true, byteLevels = true, tile, quantizedTile }: EngineOptions = {},
  shared = false,
): Engine | undefined {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(probe(f32x4.add))) return undefined;
  const fused = fusedMultiplyAdd && canFuse();
  const bytes = byteLevels && canMultiplyBytes();
  const { float32, quantized } = allocatesRegistersWell() ? tiles.roomy : tiles.tight;
  return {
    fused,
    tile: tile ?? float32,
    quantized: { byteLevels: bytes, tile: quantizedTile ?? (bytes ? quantized.bytes : quantized.shorts) },
    shared,
  };
}

/** The same engine, its products in tiles for operations of 256 bits. */
export function widened(engine: Engine, { tile, quantizedTile }: EngineOptions = {}): Engine {
  const { byteLevels } = engine.quantized;
  const { float32, quantized } = tiles.wide;
  const levels = quantizedTile ?? (byteLevels ? quantized.bytes : quantized.shorts);
  return { ...engine, tile: tile ?? float32, quantized: { byteLevels, tile: levels } };
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
  roomy: {
    float32: { rows: 6, columns: 8, depth: 1536 },
    quantized: { bytes: { rows: 6, columns: 8 }, shorts: { rows: 3, columns: 8 } },
  },
  /** Older compilers spill registers in that; with so few rows, a piece of a panel must stay in the first-level cache. */
  tight: {
    float32: { rows: 2, columns: 16, depth: 384 },
    quantized: { bytes: { rows: 4, columns: 8 }, shorts: { rows: 4, columns: 4 } },
  },
  /** Two neighbouring vectors make one of 256 bits: 12 sums, 2 of a panel and 1 of a row, as in `roomy`. */
  wide: {
    float32: { rows: 6, columns: 16, depth: 384 },
    quantized: { bytes: { rows: 5, columns: 16 }, shorts: { rows: 4, columns: 8 } },
  },
} as const;

/**
 * Whether the compiler keeps 15 vectors in registers. There is no way to ask, and timing it would see the baseline
 * compiler; but V8's new one for WebAssembly (Turboshaft) is older than its Float16Array, and so are the current
 * compilers of other engines.
 */
const allocatesRegistersWell = (): boolean => "Float16Array" in globalThis;

/** An engine may know the instruction and still get it wrong: what is used is tested. */
function canFuse(): boolean {
  // (1 + 2⁻¹²)² − 1 in one rounding; in two the last bit is lost.
  const results = outcome(
    (a, b) => f32x4.relaxedMultiplyAdd(a, b, -1),
    (memory) => new Float32Array(memory, 0, 4).fill(1 + 2 ** -12),
  );
  return results !== undefined && new Float32Array(results).every((value) => value === 2 ** -11 + 2 ** -24);
}

/** Whether bytes up to 255 times levels up to ±63 are summed in pairs as they should be: so on x64, not everywhere. */
function canMultiplyBytes(): boolean {
  const levels = [-63, -63, 63, 63, 63, -63, 1, -2, -63, 62, 0, 5, 40, 63, -1, -1];
  const bytes = [255, 255, 255, 255, 128, 255, 127, 129, 200, 254, 255, 3, 192, 64, 128, 255];
  const results = outcome(
    (a) => i16x8.relaxedDotOfBytes(a, v128.load(16)),
    (memory) => {
      new Int8Array(memory, 0, 16).set(levels);
      new Uint8Array(memory, 16, 16).set(bytes);
    },
  );
  const product = (i: number): number => levels[i]! * bytes[i]!;
  return (
    results !== undefined && new Int16Array(results).every((sum, i) => sum === product(2 * i) + product(2 * i + 1))
  );
}

/** The 16 bytes that operation(v, v) makes of those that `fill` leaves at address 0; undefined where it is not known. */
function outcome(operation: Operation, fill: (memory: ArrayBuffer) => void): ArrayBuffer | undefined {
  const bytes = probe(operation);
  if (!WebAssembly.validate(bytes)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  fill(memory.buffer);
  (exports as unknown as { probe(): void }).probe();
  return memory.buffer.slice(0, 16);
}

type Operation = (a: Expression<"v128">, b: Expression<"v128">) => Expression<"v128">;

/** A module that replaces the vector at address 0 by operation(itself, itself). */
function probe(operation: Operation): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(f32x4.relaxedMultiplyAdd);
  module.function("probe", {}, (f) => f.store(0, operation(v128.load(0), v128.load(0))));
  return module.finish();
}
