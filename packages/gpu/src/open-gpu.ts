import type { Backend } from "@bertkit/tensor";
import { requestDevice } from "./device/request-device.js";
import { gpuBackend } from "./gpu-backend.js";

export interface GpuOptions {
  /** A device to compute on, shared with whoever made it: closing the backend leaves it open. By default an own one. */
  readonly device?: GPUDevice;
  /** True: a software adapter (SwiftShader, llvmpipe) will do. By default it counts as no GPU, for WASM is faster. */
  readonly allowSoftware?: boolean;
}

/**
 * Opens the GPU backend: WebGPU in browsers, in Node through the package `webgpu` where that is installed. What goes
 * wrong on the device, out of memory and device lost included, is an `UnsupportedError` with the cause at the next
 * `read`, and at every call after it; a new backend can then be opened. Throws one where there is an adapter that
 * gives no device.
 * @returns undefined where there is no GPU
 */
export async function openGpu({ device, allowSoftware = false }: GpuOptions = {}): Promise<Backend | undefined> {
  if (device) return gpuBackend(device, "shared");
  const own = await requestDevice(allowSoftware);
  return own && gpuBackend(own, "own");
}
