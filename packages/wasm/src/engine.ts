import { f32x4, v128 } from "./emit/expression.js";
import { ModuleBuilder } from "./emit/module-builder.js";
import type { Engine } from "./kernels/emit-kernels.js";

/** What to take instead of what fits the engine best; for tests and measurements. */
export interface EngineOptions {
  /** False: a product and a sum, even where the engine has them as one instruction. */
  readonly fusedMultiplyAdd?: boolean;
}

/** What fits this JavaScript engine, or undefined where it has no WebAssembly SIMD. */
export function chooseEngine({ fusedMultiplyAdd = true }: EngineOptions = {}): Engine | undefined {
  if (typeof WebAssembly === "undefined" || !WebAssembly.validate(probe(f32x4.add))) return undefined;
  const fused = fusedMultiplyAdd && canFuse();
  const tile = allocatesRegistersWell() ? tiles.roomy : tiles.tight;
  return { fused, tile };
}

/*
 * GFLOP/s of 252 × 384 × 384 on a server core of 2023 (128-bit operations, at most about 70), fused where there is it.
 * V8 13.6 (Node 24): 6×8 66, 3×12 58, 4×8 57, 4×12 43. V8 11.3 (Node 20, not fused): 4×8 47, 4×12 42, 6×8 37, 3×12 37.
 * Unrolling the depth gives at most 1 % and on Node 20 costs up to a quarter, so kernels do not.
 */
const tiles = {
  /** 12 sums, 2 columns, 1 row value: 15 of the 16 registers. */
  roomy: { rows: 6, columns: 8 },
  /** Older compilers spill registers in the larger tile. */
  tight: { rows: 4, columns: 8 },
} as const;

/**
 * V8's newer compiler (Turboshaft) came before memories with 64-bit addresses did, so an engine that has these has it
 * too. There is no direct way to ask.
 */
const allocatesRegistersWell = (): boolean => WebAssembly.validate(memory64);

/** An empty module but for one memory with 64-bit addresses. */
const memory64 = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0x04, 0);

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
