import { type Backend, type Buffer, type DType, UnsupportedError, type WeightUse } from "@bertkit/tensor";
import { type Block, BlockPool } from "./device/block-pool.js";
import { DeviceHealth } from "./device/device-health.js";
import { Recorder } from "./device/recorder.js";
import { Transfer } from "./device/transfer.js";
import { GpuBuffer, wordsOf } from "./gpu-buffer.js";
import { gpuKernels } from "./kernel-table.js";
import { packedWords, packLevels, unpackLevels } from "./kernels/quantized.js";
import { Machine } from "./machine.js";

/** The backend on a device; one of its `own` it destroys when it closes. */
export function gpuBackend(device: GPUDevice, owner: "own" | "shared"): Backend {
  const health = new DeviceHealth(device);
  const pool = new BlockPool(device);
  const recorder = new Recorder(device);
  const machine = new Machine(pool, recorder, health);
  const transfer = new Transfer(device, recorder, health, machine);
  const buffers = new Buffers(pool, machine);
  return {
    name: nameOf(device),
    ...gpuKernels(machine),
    custom({ name }) {
      throw new UnsupportedError(`gpu backend: the custom kernel ${name} cannot be translated here: run it on the CPU`);
    },
    prepare: ({ buffer, shape }, use) => buffers.prepare(buffer, shape as readonly [number, number], use),
    restore: (prepared) => buffers.restore(prepared),
    get memory() {
      return buffers.memory;
    },
    allocate(size, dtype) {
      health.check();
      return buffers.allocate(size, dtype);
    },
    write(buffer, values, at = 0) {
      const opened = machine.open(buffer);
      if (opened.prepared) {
        throw new UnsupportedError("gpu backend: a prepared weight cannot be written: restore() it first");
      }
      transfer.write(opened, values, at);
    },
    async read(buffer) {
      const opened = machine.open(buffer);
      const values = buffers.readable(opened, (block) => transfer.read(opened, block));
      pool.trim();
      return values;
    },
    release: (buffer) => buffers.release(buffer),
    [Symbol.dispose]() {
      buffers[Symbol.dispose]();
      health[Symbol.dispose]();
      recorder[Symbol.dispose]();
      pool[Symbol.dispose]();
      if (owner === "own") device.destroy();
    },
  };
}

function nameOf({ adapterInfo }: GPUDevice): string {
  const words = [adapterInfo.vendor, adapterInfo.description || adapterInfo.architecture].filter(Boolean);
  return words.length > 0 ? `gpu (${words.join(" ")})` : "gpu";
}

/** The buffers that tensors hold, counted, and the forms that weights take. */
class Buffers implements Disposable {
  readonly #live = new Set<GpuBuffer>();
  #bytes = 0;

  constructor(
    private readonly pool: BlockPool,
    private readonly machine: Machine,
  ) {}

  get memory(): { readonly buffers: number; readonly bytes: number } {
    return { buffers: this.#live.size, bytes: this.#bytes };
  }

  allocate(size: number, dtype: DType): Buffer {
    const block = this.pool.take(4 * wordsOf(size, dtype));
    return this.#add(new GpuBuffer(this.machine, block, size, dtype));
  }

  release(buffer: Buffer): void {
    const opened = this.machine.open(buffer);
    this.#remove(opened);
    this.pool.give(opened.block);
  }

  /** Floats stay as they lie, for tiles are cut from any matrix; levels are packed in whole words, with their sums. */
  prepare(buffer: Buffer, [outputs, inputs]: readonly [number, number], use: WeightUse): Buffer {
    const dense = this.machine.open(buffer);
    const { size, dtype } = dense;
    let { block } = dense;
    if (use === "quantizedLinear") {
      block = this.pool.take(4 * packedWords(outputs, inputs));
      packLevels(this.machine, dense.block, { outputs, inputs }, block);
      this.pool.give(dense.block);
    }
    this.#remove(dense);
    return this.#add(new GpuBuffer(this.machine, block, size, dtype, { use, outputs, inputs }));
  }

  restore(prepared: Buffer): Buffer {
    const opened = this.machine.open(prepared);
    const { size, dtype, prepared: form } = opened;
    if (!form) throw new UnsupportedError("gpu backend: this buffer is not a prepared weight");
    let { block } = opened;
    if (form.use === "quantizedLinear") {
      block = this.pool.take(4 * wordsOf(size, dtype));
      unpackLevels(this.machine, opened.block, form, block);
      this.pool.give(opened.block);
    }
    this.#remove(opened);
    return this.#add(new GpuBuffer(this.machine, block, size, dtype));
  }

  /** Calls `read` with a block that holds the buffer's elements in dense form. */
  readable<Result>(buffer: GpuBuffer, read: (block: Block) => Result): Result {
    const { prepared } = buffer;
    if (prepared?.use !== "quantizedLinear") return read(buffer.block);
    using dense = this.machine.scratch(wordsOf(buffer.size, buffer.dtype));
    unpackLevels(this.machine, buffer.block, prepared, dense.block);
    return read(dense.block);
  }

  /** Forgets every buffer; their memory is the pool's to destroy. */
  [Symbol.dispose](): void {
    for (const buffer of this.#live) this.#remove(buffer);
  }

  #add(buffer: GpuBuffer): Buffer {
    this.#live.add(buffer);
    this.#bytes += buffer.bytes;
    return buffer.opaque;
  }

  #remove(buffer: GpuBuffer): void {
    buffer.release();
    this.#live.delete(buffer);
    this.#bytes -= buffer.bytes;
  }
}
