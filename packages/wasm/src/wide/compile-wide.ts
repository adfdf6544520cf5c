import { type Engine, emitHotKernels } from "../kernels/emit-kernels.js";
import { passes } from "./trial.js";
import { type Flags, type V8, withFlags } from "./v8-flags.js";

/*
 * WebAssembly's vectors have 128 bits, but V8 on x64 can fuse pairs of operations on neighbouring ones into operations
 * of 256 bits (AVX2): twice as fast where arithmetic decides, and to the bit the same, because no lane hears of another.
 * It is an experiment of V8's behind a flag, and flags hold for the whole process. So this is done only when asked for,
 * for no longer than some kernels take to compile (20 ms), and what comes out is used only after a trial.
 *
 * Those kernels are the hot ones: the products of matrices, of floats and of levels, which take most of a model's time,
 * and GELU, softmax and what makes floats of levels, which go over a row two vectors at a time so that there are pairs.
 * All others gain nothing.
 */

/** Both make all code at once, with the optimizing compiler: code that is compiled later is compiled without the flags. */
const optimized: Flags = { liftoff: false, "wasm-lazy-compilation": false };
const paired: Flags = { "experimental-wasm-revectorize": true };
const single: Flags = { "experimental-wasm-revectorize": false };

/**
 * A module with the hot kernels for an engine of `widened`, in operations of 256 bits; it keeps that code wherever it is
 * instantiated, in workers too.
 * @returns undefined where the engine cannot do it, gets it wrong or is not clearly faster, or BERTKIT_WIDE=0 forbids it
 */
export function compileWide(engine: Engine, v8: V8 | undefined = suitableV8()): WebAssembly.Module | undefined {
  if (!v8 || !engine.fused) return undefined;
  try {
    const module = emitHotKernels(engine);
    const wide = compile(v8, { ...paired, ...optimized }, module.finish("wide kernels"));
    const narrow = compile(v8, { ...single, ...optimized }, module.finish("the same, narrow"));
    return passes({ narrow, wide }, engine) ? wide : undefined;
  } catch {
    // An experiment may end: without the flag, or with code that traps, the narrow kernels do the work.
    return undefined;
  }
}

/** Synchronously, so that nobody else runs meanwhile (and under these flags WebAssembly.instantiate may never settle). */
function compile(v8: V8, flags: Flags, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  return withFlags(v8, flags, () => new WebAssembly.Module(bytes));
}

/** Node 24 on x64 or later (V8 13; older ones have the flag and no use of it), unless the environment forbids it. */
function suitableV8(): V8 | undefined {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (process?.release?.name !== "node" || process.arch !== "x64" || process.env.BERTKIT_WIDE === "0") return undefined;
  if (!(Number.parseInt(process.versions.v8, 10) >= 13)) return undefined;
  return process.getBuiltinModule?.("node:v8");
}
