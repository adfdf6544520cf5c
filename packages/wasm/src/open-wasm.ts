import {
  type Backend,
  type Buffer,
  type CustomKernel,
  DisposedError,
  type KernelDefinition,
  plainCustomKernel,
  UnsupportedError,
} from "@bertkit/tensor";
import { chooseEngine, type EngineOptions, widened } from "./engine.js";
import { wasmFusedKernels, wasmKernels } from "./kernel-table.js";
import {
  emitKernels,
  emitRareKernels,
  type HotFunctions,
  type KernelFunctions,
  type RareFunctions,
} from "./kernels/emit-kernels.js";
import { instantiate } from "./kernels/instantiate.js";
import { WasmMemory } from "./memory/wasm-memory.js";
import { mostThreads } from "./pool/control.js";
import { physicalCores } from "./pool/physical-cores.js";
import { findThreadStarter } from "./pool/start-thread.js";
import { ThreadPool } from "./pool/thread-pool.js";
import type { Machine } from "./run/machine.js";
import { preparedBytes, prepareWeight, restoreWeight } from "./run/prepared.js";
import { Views } from "./views.js";
import { WasmBuffer } from "./wasm-buffer.js";
import { compileWide } from "./wide/compile-wide.js";

export interface WasmOptions extends EngineOptions {
  /** The most memory it may take, in bytes; by default, and at most, 4 GB. */
  readonly maximumBytes?: number;
  /**
   * True: products in operations of 256 bits where Node can be brought to it (24 or later, x64, AVX2), with the same
   * bits as results and models 1.5 times as fast. It is an experiment of V8's: while the backend opens, three
   * flags of the whole process change for some milliseconds, so a library should leave it to the program. A trial
   * decides whether the result is used; `backend.name` has "256-bit" in it then. BERTKIT_WIDE=0 in the environment
   * forbids it.
   */
  readonly wide?: boolean;
  /**
   * Threads that compute, the calling one included; by default as many as there are physical cores for this process. It
   * changes the speed, never a bit of the result. In pages only inside a Worker of a cross-origin isolated page; where
   * threads cannot be there is one. `backend.name` says how many.
   */
  readonly threads?: number;
}

/**
 * Opens the CPU backend: WebAssembly SIMD kernels, made for this engine on the spot. Its `allocate` throws
 * `UnsupportedError` past `maximumBytes`, and says what would fit. Throws it too for a number of threads that cannot be,
 * and where a policy forbids to compile WebAssembly.
 * @returns undefined where the engine has no WebAssembly SIMD
 */
export async function openWasm(options: WasmOptions = {}): Promise<Backend | undefined> {
  const threads = checkThreads(options.threads ?? physicalCores());
  const starter = threads > 1 ? await findThreadStarter() : undefined;
  const shared = starter !== undefined;
  const engine = chooseEngine(options, shared);
  if (!engine) return undefined;
  const pages = Math.min(65536, Math.max(1, Math.floor((options.maximumBytes ?? 2 ** 32) / 65536)));
  const memory = new WasmMemory(pages, shared);
  const hot = options.wide ? compileWide(widened(engine, options)) : undefined;
  const used = hot ? widened(engine, options) : engine;
  const kernels = await compile(emitKernels(used, hot ? "imported" : "own"));
  const hotFunctions = hot && { ...instantiate<HotFunctions>(hot, memory) };
  const functions = { ...hotFunctions, ...instantiate<KernelFunctions>(kernels, memory, hotFunctions) };
  const pool = new ThreadPool({ modules: { kernels, hot }, functions, memory, threads, ...starter });
  const { tile, quantized } = used;
  let rareFunctions: RareFunctions | undefined;
  const rare = (): RareFunctions => {
    rareFunctions ??= instantiate<RareFunctions>(new WebAssembly.Module(emitRareKernels(used)), memory);
    return rareFunctions;
  };
  const machine: Machine = {
    functions,
    rare,
    memory,
    tile,
    quantized,
    threads: pool.threads,
    run: (name, job) => pool.run(name, job),
  };
  const features = [
    ...(engine.fused ? ["fused multiply-add"] : []),
    ...(hot ? ["256-bit"] : []),
    ...(pool.threads > 1 ? [`${pool.threads} threads`] : []),
  ];
  return wasmBackend(machine, pool, features.length > 0 ? `wasm (${features.join(", ")})` : "wasm");
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const remedy = "allow 'wasm-unsafe-eval' in script-src of the page's Content-Security-Policy";
    throw new UnsupportedError(`wasm backend: WebAssembly may not be compiled here (${error}): ${remedy}`);
  }
}

function checkThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= mostThreads) return threads;
  throw new UnsupportedError(`wasm backend: threads must be a whole number from 1 to ${mostThreads}, got ${threads}`);
}

function wasmBackend(machine: Machine, pool: Disposable, name: string): Backend {
  const live = new Set<WasmBuffer>();
  let bytes = 0;
  const customKernels = new WeakMap<KernelDefinition, CustomKernel>();
  const { memory } = machine;
  const views = new Views(memory);
  const open = (buffer: Buffer): WasmBuffer => WasmBuffer.open(buffer, memory);
  const add = (buffer: WasmBuffer) => {
    live.add(buffer);
    bytes += buffer.bytes;
    return buffer.opaque;
  };
  const remove = (buffer: WasmBuffer) => {
    memory.release(buffer.address);
    buffer.release();
    live.delete(buffer);
    bytes -= buffer.bytes;
  };
  let closed = false;
  return {
    name,
    kernels: wasmKernels(machine, views),
    fused: wasmFusedKernels(machine, views),
    custom(definition) {
      let kernel = customKernels.get(definition);
      if (!kernel) {
        kernel = plainCustomKernel(definition, (view) => views.values(view));
        customKernels.set(definition, kernel);
      }
      return kernel;
    },
    prepare(weight) {
      const { address: from, size, dtype } = open(weight.buffer);
      const [outputs, inputs] = weight.shape as readonly [number, number];
      const dense = { address: from, outputs, inputs, dtype };
      const bytes = preparedBytes(machine, dense);
      const address = memory.allocate(bytes);
      prepareWeight(machine, dense, address);
      remove(open(weight.buffer));
      return add(new WasmBuffer(memory, address, size, dtype, bytes, { outputs, inputs }));
    },
    restore(prepared) {
      const { address: from, size, dtype, packed } = open(prepared);
      if (!packed) throw new UnsupportedError("wasm backend: this buffer is not a prepared weight");
      const values = restoreWeight(machine, { address: from, ...packed, dtype });
      const address = memory.allocate(values.byteLength);
      memory.values(address, size, dtype).set(values);
      remove(open(prepared));
      return add(new WasmBuffer(memory, address, size, dtype, values.byteLength));
    },
    get memory() {
      return { buffers: live.size, bytes };
    },
    allocate(size, dtype) {
      if (closed) throw new DisposedError("wasm backend: it was disposed of");
      const bytes = (dtype === "int8" ? 1 : 4) * size;
      return add(new WasmBuffer(memory, memory.allocate(bytes), size, dtype, bytes));
    },
    write(buffer, values, at = 0) {
      const { address, size, dtype, packed } = open(buffer);
      if (packed) throw new UnsupportedError("wasm backend: a prepared weight cannot be written: restore() it first");
      memory.values(address, size, dtype).set(values, at);
    },
    async read(buffer) {
      const { address, size, dtype, packed } = open(buffer);
      if (packed) return restoreWeight(machine, { address, ...packed, dtype });
      return memory.values(address, size, dtype).slice();
    },
    release: (buffer) => remove(open(buffer)),
    [Symbol.dispose]() {
      closed = true;
      pool[Symbol.dispose]();
      for (const buffer of live) remove(buffer);
    },
  };
}
