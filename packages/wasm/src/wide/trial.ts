import type { Engine, HotFunctions } from "../kernels/emit-kernels.js";
import { instantiate } from "../kernels/instantiate.js";
import { WasmMemory } from "../memory/wasm-memory.js";

/** The same code, compiled in two ways. */
export interface Sides {
  readonly narrow: WebAssembly.Module;
  readonly wide: WebAssembly.Module;
}

/** A side that can be called. */
interface Running extends HotFunctions {
  readonly engine: Engine;
  readonly memory: WasmMemory;
}

/**
 * How many times as fast products must be. Where it works it is 3: narrow, these tiles are slow. At 1.8 they are 1.15
 * times as fast as narrow ones in tiles of their own, and less is not worth the risk.
 */
const leastSpeed = 1.8;

/** Whether wide kernels are narrow ones to the bit, and clearly faster. Takes a few milliseconds, and memory of its own. */
export function passes({ narrow, wide }: Sides, engine: Engine): boolean {
  const memory = new WasmMemory(64, engine.shared);
  const open = (module: WebAssembly.Module): Running => ({
    ...instantiate<HotFunctions>(module, memory),
    engine,
    memory,
  });
  const sides = [open(narrow), open(wide)] as const;
  return sameBits(...sides) && sameIntegers(...sides) && sameRows(...sides) && speed(...sides) >= leastSpeed;
}

const mostRows = 13;
const columns = 43;

/** Tiles of every height, several panels, one piece of depth and several, with a bias and without. */
function sameBits(narrow: Running, wide: Running): boolean {
  const deep = wide.engine.tile.depth + 9;
  const x = randomNumbers(mostRows * deep);
  const weight = randomNumbers(columns * deep);
  const bias = randomNumbers(columns);
  const same = (rows: number, depth: number, withBias: boolean): boolean => {
    const product = { x, rows, depth, weight, bias: withBias ? bias : undefined };
    const expected = multiply(narrow, product);
    return multiply(wide, product).every((bits, i) => bits === expected[i]);
  };
  for (let rows = 1; rows <= mostRows; rows++) {
    if (!same(rows, 9, false) || !same(rows, 9, true)) return false;
  }
  return same(mostRows, deep, false) && same(mostRows, deep, true);
}

interface Product {
  readonly x: Float32Array;
  readonly rows: number;
  readonly depth: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
}

/** The bits of x · weight + bias, [rows, columns], whose right side is packed here and driven in pieces of depth. */
function multiply({ gemm, engine: { tile }, memory }: Running, { x, rows, depth, weight, bias }: Product): Int32Array {
  const panels = Math.ceil(columns / tile.columns);
  const padded = panels * tile.columns;
  const addresses = [rows * depth, depth * padded, padded, rows * padded].map((size) => memory.allocate(4 * size));
  const [a, b, start, c] = addresses as [number, number, number, number];
  memory.floats(a, rows * depth).set(x.subarray(0, rows * depth));
  memory.floats(b, depth * padded).fill(0);
  memory.floats(start, padded).fill(0);
  if (bias) memory.floats(start, columns).set(bias);
  const packed = memory.floats(b, depth * padded);
  for (let column = 0; column < columns; column++) {
    const panel = Math.floor(column / tile.columns) * tile.columns * depth + (column % tile.columns);
    for (let k = 0; k < depth; k++) packed[panel + k * tile.columns] = weight[column * depth + k]!;
  }
  const panelStride = 4 * depth * tile.columns;
  for (let from = 0; from < depth; from += tile.depth) {
    const piece = Math.min(tile.depth, depth - from);
    const right = b + 4 * from * tile.columns;
    gemm(a + 4 * from, 4 * depth, right, panelStride, c, 4 * padded, rows, panels, piece, bias ? start : 0, from);
  }
  const sums = memory.integers(c, rows * padded);
  const bits = Int32Array.from({ length: rows * columns }, (_, i) => {
    return sums[Math.floor(i / columns) * padded + (i % columns)]!;
  });
  for (const address of addresses) memory.release(address);
  return bits;
}

/** The same of levels, in tiles of every height. */
function sameIntegers(narrow: Running, wide: Running): boolean {
  const groups = 5;
  for (let rows = 1; rows <= mostRows; rows++) {
    const expected = multiplyLevels(narrow, rows, groups);
    if (!multiplyLevels(wide, rows, groups).every((sum, i) => sum === expected[i])) return false;
  }
  return true;
}

/** Made-up levels of both sides, multiplied: [rows, columns]. */
function multiplyLevels({ quantizedGemm, engine, memory }: Running, rows: number, groups: number): Int32Array {
  const { byteLevels, tile } = engine.quantized;
  const panels = Math.ceil(columns / tile.columns);
  const padded = panels * tile.columns;
  const [depth, levelBytes] = [4 * groups, byteLevels ? 1 : 2];
  const addresses = [levelBytes * rows * depth, padded * depth, 4 * rows * padded].map((size) => memory.allocate(size));
  const [a, b, c] = addresses as [number, number, number];
  const left = byteLevels ? new Uint8Array(memory.memory.buffer, a) : new Int16Array(memory.memory.buffer, a);
  for (let i = 0; i < rows * depth; i++) left[i] = (i * 89 + 255) % 256;
  const right = memory.levels(b, padded * depth).fill(0);
  for (let column = 0; column < columns; column++) {
    const panel = Math.floor(column / tile.columns) * tile.columns * depth + 4 * (column % tile.columns);
    for (let k = 0; k < depth; k++) {
      right[panel + (k >> 2) * 4 * tile.columns + (k & 3)] = ((column * 31 + k * 17) % 127) - 63;
    }
  }
  quantizedGemm(a, levelBytes * depth, b, tile.columns * depth, c, 4 * padded, rows, panels, groups);
  const sums = memory.integers(c, rows * padded);
  const result = Int32Array.from({ length: rows * columns }, (_, i) => {
    return sums[Math.floor(i / columns) * padded + (i % columns)]!;
  });
  for (const address of addresses) memory.release(address);
  return result;
}

/** The same of what goes over a row two vectors at a time, with whole pairs and a rest. */
function sameRows(narrow: Running, wide: Running): boolean {
  const { memory } = narrow;
  const width = 8 * 5 + 7;
  const [x, out] = [memory.allocate(4 * width), memory.allocate(4 * width)];
  const numbers = randomNumbers(width);
  const compute = (run: () => void): Int32Array => {
    memory.floats(x, width).set(numbers);
    run();
    return memory.integers(out, width).slice();
  };
  const rows = ({ softmax, ...functions }: Running) => [
    compute(() => functions["unary.gelu"](x, out, width)),
    compute(() => functions["unary.geluTanh"](x, out, width)),
    compute(() => softmax(x, out, 4 * width, 1, width, width, 0, 0.5)),
    compute(() => functions.dequantize(x, 4 * width, 1, width, x, x, x, x)),
  ];
  const expected = rows(narrow);
  const same = rows(wide).every((result, i) => result.every((bits, at) => bits === expected[i]![at]));
  for (const address of [x, out]) memory.release(address);
  return same;
}

/** How many times as fast the wide products are: best time against best, of calls that take 20 to 70 µs. */
function speed(narrow: Running, wide: Running): number {
  const { memory } = narrow;
  const [rows, depth, width] = [192, 128, 48];
  // Zeros, as memory begins: they take as long as other numbers.
  const a = memory.allocate(4 * rows * depth);
  const b = memory.allocate(4 * depth * 2 * width);
  const c = memory.allocate(4 * rows * 2 * width);
  const time = ({ gemm, engine: { tile } }: Running): number => {
    const panels = Math.ceil(width / tile.columns);
    const [panelStride, cStride] = [4 * depth * tile.columns, 4 * panels * tile.columns];
    const start = performance.now();
    gemm(a, 4 * depth, b, panelStride, c, cStride, rows, panels, depth, 0, 0);
    return performance.now() - start;
  };
  const best = { narrow: Number.POSITIVE_INFINITY, wide: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 20; round++) {
    best.narrow = Math.min(best.narrow, time(narrow));
    best.wide = Math.min(best.wide, time(wide));
  }
  return best.narrow / best.wide;
}

/** Floats of both signs and many sizes, the same each time. */
function randomNumbers(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    // Lehmer's generator with the constants of Park & Miller (1988).
    state = (state * 48271) % 2147483647;
    return (state - 2 ** 30) / 2 ** (16 + (state % 16));
  });
}
