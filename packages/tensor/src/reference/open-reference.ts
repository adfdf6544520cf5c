import type { Backend, Buffer, Values, View } from "../backend.js";
import { DisposedError, UnsupportedError } from "../errors.js";
import { plainCustomKernel } from "./custom-kernel.js";
import { plainMatmul } from "./matmul-kernel.js";
import { plainKernels } from "./plain-kernels.js";
import { plainQuantizedKernels } from "./quantized-kernels.js";

/** How `openReference` computes. */
export interface ReferenceOptions {
  /** How numbers are held: "float32" (default), or "float64" for gradient checks and for truth. */
  readonly precision?: "float32" | "float64";
}

/** The backend that runs everywhere: plain TypeScript, one typed array a buffer. Always available. */
export function openReference({ precision = "float32" }: ReferenceOptions = {}): Backend {
  const Floats = precision === "float64" ? Float64Array : Float32Array;
  const live = new Set<Buffer>();
  const prepared = new Set<Buffer>();
  let bytes = 0;
  const values = (buffer: Buffer): Values => {
    if (!live.has(buffer)) {
      throw new DisposedError("reference backend: this buffer was released, or is another backend's");
    }
    return buffer as unknown as Values;
  };
  // A prepared weight stays as it is here; refusing it where others cannot take it finds the mistake on any machine.
  const open = (view: View): Values => {
    if (prepared.has(view.buffer)) {
      throw new UnsupportedError("reference backend: a prepared weight is for linear and matmul only: restore() it");
    }
    return values(view.buffer);
  };
  const openAny = (view: View): Values => values(view.buffer);
  return {
    name: precision === "float64" ? "reference (float64)" : "reference",
    kernels: {
      ...plainKernels(open),
      matmul: plainMatmul(openAny),
      quantizedLinear: plainQuantizedKernels(openAny).quantizedLinear,
    },
    fused: {},
    custom: (definition) => plainCustomKernel(definition, open),
    prepare({ buffer }) {
      prepared.add(buffer);
      return buffer;
    },
    restore(buffer) {
      prepared.delete(buffer);
      return buffer;
    },
    get memory() {
      return { buffers: live.size, bytes };
    },
    allocate(size, dtype) {
      // NaN makes a kernel that reads what nothing wrote visible at once.
      const block = makeBlock({ float32: Floats, int32: Int32Array, int8: Int8Array }[dtype], size);
      if (dtype === "float32") block.fill(Number.NaN);
      const buffer = block as unknown as Buffer;
      live.add(buffer);
      bytes += block.byteLength;
      return buffer;
    },
    write(buffer, from, at = 0) {
      values(buffer).set(from, at);
    },
    async read(buffer) {
      return values(buffer).slice();
    },
    release(buffer) {
      bytes -= values(buffer).byteLength;
      live.delete(buffer);
      prepared.delete(buffer);
    },
    [Symbol.dispose]() {
      live.clear();
      prepared.clear();
      bytes = 0;
    },
  };
}

function makeBlock(Kind: new (size: number) => Values, size: number): Values {
  try {
    return new Kind(size);
  } catch {
    throw new UnsupportedError(`reference backend: no memory for ${size} numbers: a smaller batch needs less`);
  }
}
