import type { Backend, Buffer, Values, View } from "../backend.js";
import { DisposedError } from "../errors.js";
import { plainCustomKernel } from "./custom-kernel.js";
import { plainKernels } from "./plain-kernels.js";

export interface ReferenceOptions {
  /** How numbers are held: "float32" (default), or "float64" for gradient checks and for truth. */
  readonly precision?: "float32" | "float64";
}

/** The backend that runs everywhere: plain TypeScript, one typed array a buffer. Always available. */
export function openReference({ precision = "float32" }: ReferenceOptions = {}): Backend {
  const Floats = precision === "float64" ? Float64Array : Float32Array;
  const live = new Set<Buffer>();
  let bytes = 0;
  const values = (buffer: Buffer): Values => {
    if (!live.has(buffer))
      throw new DisposedError("reference backend: this buffer was released, or is another backend's");
    return buffer as unknown as Values;
  };
  const open = (view: View): Values => values(view.buffer);
  return {
    name: precision === "float64" ? "reference (float64)" : "reference",
    kernels: plainKernels(open),
    fused: {},
    custom: (definition) => plainCustomKernel(definition, open),
    prepare: (weight) => weight.buffer,
    restore: (prepared) => prepared,
    get memory() {
      return { buffers: live.size, bytes };
    },
    allocate(size, dtype) {
      // NaN makes a kernel that reads what nothing wrote visible at once.
      const block = dtype === "int32" ? new Int32Array(size) : new Floats(size).fill(Number.NaN);
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
    },
    [Symbol.dispose]() {
      live.clear();
      bytes = 0;
    },
  };
}
