import type { DType, Values } from "@bertkit/tensor";
import type { GpuBuffer } from "../gpu-buffer.js";
import { wordsOf } from "../gpu-buffer.js";
import { copyBytes, copyWords } from "../kernels/copy.js";
import type { Machine } from "../machine.js";
import type { Block } from "./block-pool.js";
import type { DeviceHealth } from "./device-health.js";
import type { Recorder } from "./recorder.js";
import { mapModeRead, usage } from "./usage.js";

/** The driver keeps a copy of what is on its way: large arrays go in pieces. */
const pieceBytes = 2 ** 24;

/** Arrays up to this size may travel with the recorded commands. */
const smallBytes = 2 ** 16;

/** Moves numbers to the device and back, in order with the recorded commands. */
export class Transfer {
  constructor(
    private readonly device: GPUDevice,
    private readonly recorder: Recorder,
    private readonly health: DeviceHealth,
    private readonly machine: Machine,
  ) {}

  /** Copies values in from element `at` on. Throws `RangeError` past the buffer's end. */
  write({ block, size, dtype }: GpuBuffer, given: Values, at: number): void {
    this.health.check();
    if (at + given.length > size) {
      throw new RangeError(`gpu backend: elements ${at} … ${at + given.length} of a buffer of ${size}`);
    }
    const values = asElements(given, dtype);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const count = values.length;
    const ends = at + count === size; // then the rest of the last word is nobody's
    if (dtype === "int8" && (at % 4 !== 0 || (count % 4 !== 0 && !ends))) this.#writeInside(block, bytes, at);
    else this.#writeWords(block, bytes, at * values.BYTES_PER_ELEMENT);
  }

  /** The values of a buffer, or of `from` where its own form is another. Throws what went wrong on the device. */
  async read({ block, size, dtype }: GpuBuffer, from: Block = block): Promise<Values> {
    this.health.check();
    const bytes = 4 * wordsOf(size, dtype);
    const staging = this.device.createBuffer({
      size: Math.max(4, bytes),
      usage: usage.mapRead | usage.copyDestination,
    });
    this.recorder.submit((encoder) => {
      if (bytes > 0) encoder.copyBufferToBuffer(from.memory, 0, staging, 0, bytes);
    });
    try {
      await staging.mapAsync(mapModeRead);
    } catch (error) {
      this.health.fail("the device did not give its memory back: open a new backend", error);
    }
    try {
      this.health.check();
      const Elements = elements[dtype];
      return new Elements(staging.getMappedRange().slice(0, size * Elements.BYTES_PER_ELEMENT));
    } finally {
      staging.destroy();
    }
  }

  /** Bytes that begin or end inside a word go through a shader, which keeps the rest of it. */
  #writeInside(block: Block, bytes: Uint8Array, at: number): void {
    const stretch = { from: 0, to: at, count: bytes.length };
    if (bytes.length <= smallBytes) {
      copyBytes(this.machine, bytes, block, stretch);
      return;
    }
    using whole = this.machine.scratch(Math.ceil(bytes.length / 4));
    this.#writeWords(whole.block, bytes, 0);
    copyBytes(this.machine, whole.block, block, stretch);
  }

  /**
   * The queue's own writes run before what is recorded and not submitted: a block that it touches must wait its turn.
   */
  #writeWords(block: Block, bytes: Uint8Array, at: number): void {
    if (this.recorder.isPending(block)) {
      if (bytes.length <= smallBytes) {
        copyWords(this.machine, bytes, block, { from: 0, to: at / 4, count: Math.ceil(bytes.length / 4) });
        return;
      }
      this.recorder.submit();
    }
    const whole = bytes.length - (bytes.length % 4);
    for (let from = 0; from < whole; from += pieceBytes) {
      const piece = bytes.subarray(from, Math.min(whole, from + pieceBytes));
      this.device.queue.writeBuffer(block.memory, at + from, piece);
    }
    if (whole === bytes.length) return;
    const last = new Uint8Array(4);
    last.set(bytes.subarray(whole));
    this.device.queue.writeBuffer(block.memory, at + whole, last);
  }
}

const elements = { float32: Float32Array, int32: Int32Array, int8: Int8Array } as const;

/** The values as the device holds them. */
function asElements(values: Values, dtype: DType): Float32Array | Int32Array | Int8Array {
  const Elements = elements[dtype];
  return values instanceof Elements ? values : Elements.from(values);
}
