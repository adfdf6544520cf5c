import { UnsupportedError } from "@bertkit/tensor";

/** Optional features the kernels have a use for. */
const usefulFeatures: readonly GPUFeatureName[] = ["shader-f16", "subgroups", "timestamp-query"];

/** Limits of which the adapter's own are asked for; devices have the standard's small ones otherwise. */
const raisedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/**
 * A device with the adapter's own limits and what features there are; undefined where there is no WebGPU, no adapter,
 * or a software one that was not asked for. Throws `UnsupportedError` where there is an adapter that gives none.
 */
export async function requestDevice(allowSoftware: boolean): Promise<GPUDevice | undefined> {
  const gpu = await findGpu();
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter || (!allowSoftware && isSoftware(adapter.info))) return undefined;
  try {
    return await adapter.requestDevice({
      requiredFeatures: usefulFeatures.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(raisedLimits.map((limit) => [limit, adapter.limits[limit]])),
    });
  } catch (cause) {
    throw new UnsupportedError(`gpu backend: the adapter gives no device (${cause}): restart the program`, { cause });
  }
}

/** Whether the adapter computes on the processor: slower than the WASM backend there. */
export const isSoftware = (info: GPUAdapterInfo): boolean =>
  info.isFallbackAdapter ||
  /swiftshader|llvmpipe|lavapipe/i.test(`${info.architecture} ${info.device} ${info.description}`);

async function findGpu(): Promise<GPU | undefined> {
  if (globalThis.navigator?.gpu) return navigator.gpu;
  const { process } = globalThis as { process?: NodeJS.Process };
  return process?.release?.name === "node" ? nodeGpu() : undefined;
}

let instance: Promise<GPU | undefined> | undefined;

/** Node's WebGPU: one for the process and kept for good, for its devices do not outlive it. */
function nodeGpu(): Promise<GPU | undefined> {
  instance ??= createNodeGpu();
  return instance;
}

async function createNodeGpu(): Promise<GPU | undefined> {
  try {
    // Bundlers for browsers leave it alone.
    const { create } = await import(/* @vite-ignore */ /* webpackIgnore: true */ "webgpu");
    return create([]);
  } catch {
    return undefined;
  }
}
