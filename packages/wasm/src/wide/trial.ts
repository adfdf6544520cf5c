import type { KernelFunctions } from "../kernels/emit-kernels.js";
import type { GemmFunctions, Tile } from "../kernels/gemm.js";
import { instantiate } from "../kernels/instantiate.js";
import { WasmMemory } from "../memory/wasm-memory.js";
import { linear } from "../run/linear.js";
import type { Machine } from "../run/machine.js";

/** A module with the kernel of products, and the tile it is for. */
export interface Side {
  readonly gemm: WebAssembly.Module;
  readonly tile: Tile;
}

export interface Sides {
  readonly narrow: Side;
  readonly wide: Side;
}

/** Less than this is not worth the risk; where it works it is 1.8. */
const leastSpeed = 1.15;

/** Whether wide products are narrow ones to the bit, and clearly faster. Takes a few milliseconds, and memory of its own. */
export function passes(kernels: WebAssembly.Module, { narrow, wide }: Sides): boolean {
  const memory = new WasmMemory(64);
  const open = ({ gemm, tile }: Side): Machine => ({
    functions: { ...instantiate<KernelFunctions>(kernels, memory), ...instantiate<GemmFunctions>(gemm, memory) },
    memory,
    tile,
  });
  const machines = [open(narrow), open(wide)] as const;
  return sameBits(...machines) && speed(...machines) >= leastSpeed;
}

const mostRows = 13;
const columns = 43;

/** Tiles of every height, whole panels and an edge, one piece of depth and several, with a bias and without. */
function sameBits(narrow: Machine, wide: Machine): boolean {
  const { memory } = narrow;
  const deep = wide.tile.depth + 9;
  const x = randomNumbers(memory, mostRows * deep);
  const weight = randomNumbers(memory, columns * deep);
  const someBias = randomNumbers(memory, columns);
  const outs = [memory.allocate(4 * mostRows * columns), memory.allocate(4 * mostRows * columns)] as const;
  const same = (rows: number, depth: number, bias: number): boolean => {
    for (const [i, machine] of [narrow, wide].entries()) {
      linear(machine, {
        x: { address: x, stride: 4 * depth, rows, columns: depth },
        weight: { address: weight, shape: [columns, depth], packed: false },
        bias,
        activation: undefined,
        out: outs[i]!,
      });
    }
    const [expected, actual] = outs.map((out) => memory.integers(out, rows * columns)) as [Int32Array, Int32Array];
    return actual.every((bits, i) => bits === expected[i]);
  };
  for (let rows = 1; rows <= mostRows; rows++) {
    if (!same(rows, 9, 0) || !same(rows, 9, someBias)) return false;
  }
  return same(mostRows, deep, 0) && same(mostRows, deep, someBias);
}

/** How many times as fast the wide kernel is: best time against best, of calls that take 20 to 40 µs. */
function speed(narrow: Machine, wide: Machine): number {
  const { memory } = narrow;
  const [rows, depth, width] = [192, 128, 48];
  // Zeros, as memory begins: they take as long as other numbers.
  const a = memory.allocate(4 * rows * depth);
  const b = memory.allocate(4 * depth * 2 * width);
  const c = memory.allocate(4 * rows * 2 * width);
  const timePerColumn = ({ functions, tile }: Machine): number => {
    const panels = Math.ceil(width / tile.columns);
    const [panelStride, cStride] = [4 * depth * tile.columns, 4 * panels * tile.columns];
    const start = performance.now();
    functions.gemm(a, 4 * depth, b, panelStride, c, cStride, rows, panels, depth, 0, 0);
    return (performance.now() - start) / (panels * tile.columns);
  };
  const best = { narrow: Number.POSITIVE_INFINITY, wide: Number.POSITIVE_INFINITY };
  for (let round = 0; round < 20; round++) {
    best.narrow = Math.min(best.narrow, timePerColumn(narrow));
    best.wide = Math.min(best.wide, timePerColumn(wide));
  }
  return best.narrow / best.wide;
}

/** Floats of both signs and many sizes, the same each time. */
function randomNumbers(memory: WasmMemory, count: number): number {
  const address = memory.allocate(4 * count);
  let state = 1;
  const floats = memory.floats(address, count);
  for (let i = 0; i < count; i++) {
    // Lehmer's generator with the constants of Park & Miller (1988).
    state = (state * 48271) % 2147483647;
    floats[i] = (state - 2 ** 30) / 2 ** (16 + (state % 16));
  }
  return address;
}
