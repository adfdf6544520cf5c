import type { Shader } from "../wgsl/shader.js";
import { Arena, type Piece } from "./arena.js";
import type { Block } from "./block-pool.js";
import { Pipelines } from "./pipelines.js";

/** What a shader's array may be: device memory, or numbers that travel with the call. */
export type ShaderArray = Block | Int32Array | Float32Array | Uint8Array;

/** Enough parameters for a thousand calls, which is more than a forward pass of BERT-large has. */
const arenaBytes = 2 ** 19;

/**
 * Collects calls of shaders in one command encoder and one compute pass, and submits them when asked to, or when the
 * parameters' memory is full.
 */
export class Recorder implements Disposable {
  readonly pipelines: Pipelines;
  readonly #arena: Arena;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #submissions = 0;
  #dispatches = 0;

  constructor(private readonly device: GPUDevice) {
    this.pipelines = new Pipelines(device);
    this.#arena = new Arena(device, arenaBytes);
  }

  /** How many submissions and calls of shaders there were. */
  get counts(): { readonly submissions: number; readonly dispatches: number } {
    return { submissions: this.#submissions, dispatches: this.#dispatches };
  }

  /** Whether a recorded command that is not yet submitted touches the block. */
  isPending(block: Block): boolean {
    return this.#encoder !== undefined && block.touched === this.#submissions;
  }

  /** Records a call of a shader with so many workgroups; none is no call. */
  run<Arrays extends string, Parameters extends string>(
    shader: Shader<Arrays, Parameters>,
    arrays: Readonly<Record<Arrays, ShaderArray>>,
    parameters: Readonly<Record<Parameters, number>>,
    groups: number,
  ): void {
    if (groups === 0) return;
    const block = encode(shader, parameters, groups);
    const bound = shader.arrays.map(({ name }) => arrays[name]);
    this.#makeRoom([block.byteLength, ...bound.filter(travels).map(({ byteLength }) => byteLength)]);
    const { pipeline, layout } = this.pipelines.of(shader);
    const resources = [this.#piece(this.#arena.place(block)), ...bound.map((array) => this.#resource(array))];
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    const pass = this.#open();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(...this.#grid(groups));
    for (const array of bound) if (!travels(array)) array.touched = this.#submissions;
    this.#dispatches++;
  }

  /** Submits what was recorded; `addLast` may add commands of its own to the end. */
  submit(addLast?: (encoder: GPUCommandEncoder) => void): void {
    this.#pass?.end();
    if (addLast) {
      this.#encoder ??= this.device.createCommandEncoder();
      addLast(this.#encoder);
    }
    if (!this.#encoder) return;
    this.#arena.upload();
    this.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = undefined;
    this.#pass = undefined;
    this.#submissions++;
  }

  /** Drops what was recorded. */
  [Symbol.dispose](): void {
    this.#arena[Symbol.dispose]();
    this.#encoder = undefined;
    this.#pass = undefined;
  }

  #makeRoom(sizes: readonly number[]): void {
    if (this.#arena.hasRoomFor(sizes)) return;
    this.submit();
    this.#arena.grow(sizes);
  }

  #resource(array: ShaderArray): GPUBindingResource {
    return travels(array) ? this.#piece(this.#arena.place(array)) : { buffer: array.memory };
  }

  #piece({ offset, bytes }: Piece): GPUBindingResource {
    return { buffer: this.#arena.memory, offset, size: bytes };
  }

  #open(): GPUComputePassEncoder {
    this.#encoder ??= this.device.createCommandEncoder();
    this.#pass ??= this.#encoder.beginComputePass();
    return this.#pass;
  }

  /** A grid of at least so many workgroups; the shader skips those past the end. */
  #grid(groups: number): [number, number] {
    const most = this.device.limits.maxComputeWorkgroupsPerDimension;
    const rows = Math.ceil(groups / most);
    return [Math.ceil(groups / rows), rows];
  }
}

const travels = (array: ShaderArray): array is Exclude<ShaderArray, Block> => ArrayBuffer.isView(array);

function encode<Parameters extends string>(
  shader: Shader<string, Parameters>,
  values: Readonly<Record<Parameters, number>>,
  groups: number,
): DataView<ArrayBuffer> {
  const block = new DataView(new ArrayBuffer(4 * (shader.parameters.length + 1)));
  for (const [i, { name, type }] of shader.parameters.entries()) {
    if (type === "f32") block.setFloat32(4 * i, values[name], true);
    else if (type === "i32") block.setInt32(4 * i, values[name], true);
    else block.setUint32(4 * i, values[name], true);
  }
  block.setUint32(4 * shader.parameters.length, groups, true);
  return block;
}
