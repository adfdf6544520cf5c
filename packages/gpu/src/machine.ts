import { type Buffer, type DType, UnsupportedError, type View } from "@bertkit/tensor";
import type { Block, BlockPool } from "./device/block-pool.js";
import type { DeviceHealth } from "./device/device-health.js";
import type { Recorder, ShaderArray } from "./device/recorder.js";
import { GpuBuffer } from "./gpu-buffer.js";
import type { Shader } from "./wgsl/shader.js";

/** Device memory for the length of a kernel; disposing of it gives it back. */
export interface Scratch extends Disposable {
  readonly block: Block;
}

/** What kernels see of the device: the memory behind views, and calls of shaders. */
export class Machine {
  constructor(
    private readonly pool: BlockPool,
    private readonly recorder: Recorder,
    private readonly health: DeviceHealth,
  ) {}

  /** The buffer behind an opaque one. Throws `DisposedError`, `UnsupportedError`. */
  open(buffer: Buffer): GpuBuffer {
    return GpuBuffer.open(buffer, this);
  }

  /**
   * The memory of a view of these elements, float32 by default. Throws `UnsupportedError` for others and for prepared
   * weights.
   */
  dense(view: View, dtype: DType = "float32"): Block {
    if (view.dtype !== dtype) {
      throw new UnsupportedError(`gpu backend: this kernel takes ${dtype} here, got ${view.dtype}`);
    }
    return this.words(view);
  }

  /** The memory of a view of any elements. Throws `UnsupportedError` for prepared weights. */
  words(view: View): Block {
    const { block, prepared } = this.open(view.buffer);
    if (prepared) {
      throw new UnsupportedError(
        "gpu backend: a prepared weight is for linear, quantizedLinear and matmul only: restore() it first",
      );
    }
    return block;
  }

  /** The memory of a float32 matrix, prepared or not. */
  matrix(view: View): Block {
    const { block, prepared } = this.open(view.buffer);
    return prepared?.use === "linear" ? block : this.dense(view);
  }

  /** Calls a shader with so many workgroups. */
  run<Arrays extends string, Parameters extends string>(
    shader: Shader<Arrays, Parameters>,
    arrays: Readonly<Record<Arrays, ShaderArray>>,
    parameters: Readonly<Record<Parameters, number>>,
    groups: number,
  ): void {
    this.health.check();
    this.recorder.run(shader, arrays, parameters, groups);
  }

  /** Calls a shader that has one invocation for each of `size` elements, its parameter `size` among others. */
  runEach<Arrays extends string, Parameters extends string>(
    shader: Shader<Arrays, Parameters | "size">,
    arrays: Readonly<Record<Arrays, ShaderArray>>,
    parameters: Readonly<Record<Parameters | "size", number>>,
  ): void {
    this.run(shader, arrays, parameters, Math.ceil(parameters.size / shader.threads));
  }

  /** Memory of so many words until it is disposed of. */
  scratch(words: number): Scratch {
    const block = this.pool.take(4 * words);
    return { block, [Symbol.dispose]: () => this.pool.give(block) };
  }
}
