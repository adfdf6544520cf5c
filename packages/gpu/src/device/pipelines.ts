import type { Shader } from "../wgsl/shader.js";

/** A compiled shader, and what its bind groups look like. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Pipelines, compiled at their first use and kept by their shader's text. */
export class Pipelines {
  readonly #compiled = new Map<string, Pipeline>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  constructor(private readonly device: GPUDevice) {}

  /** The shader's pipeline. Errors in its text are the device's, told by its `uncapturederror`. */
  of(shader: Shader): Pipeline {
    let found = this.#compiled.get(shader.source);
    if (!found) {
      const layout = this.#layout(shader);
      found = { layout, pipeline: this.device.createComputePipeline(this.#descriptor(shader, layout)) };
      this.#compiled.set(shader.source, found);
    }
    return found;
  }

  #descriptor(shader: Shader, layout: GPUBindGroupLayout): GPUComputePipelineDescriptor {
    const module = this.device.createShaderModule({ label: shader.name, code: shader.source });
    const pipelineLayout = this.device.createPipelineLayout({ bindGroupLayouts: [layout] });
    return { label: shader.name, layout: pipelineLayout, compute: { module, entryPoint: "main" } };
  }

  #layout({ arrays }: Shader): GPUBindGroupLayout {
    const key = arrays.map(({ writable }) => (writable ? "w" : "r")).join("");
    let layout = this.#layouts.get(key);
    if (!layout) {
      const types: GPUBufferBindingType[] = [
        "uniform",
        ...arrays.map(({ writable }): GPUBufferBindingType => (writable ? "storage" : "read-only-storage")),
      ];
      const entries = types.map((type, binding) => ({ binding, visibility: computeStage, buffer: { type } }));
      layout = this.device.createBindGroupLayout({ entries });
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

/** WebGPU's GPUShaderStage.COMPUTE. */
const computeStage = 0x4;
