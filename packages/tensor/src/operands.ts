import type { Backend } from "./backend.js";
import { ShapeError, UnsupportedError } from "./errors.js";
import { showShape } from "./shape.js";
import { brand, Tensor } from "./tensor.js";

/**
 * The backend that all inputs of an op live on: how every op begins, so that a kernel never meets a stranger's memory.
 * Throws `UnsupportedError` for inputs on two backends, from another copy of this package, or that are no tensors.
 */
export function backendOf(op: string, first: Tensor, ...others: readonly Tensor[]): Backend {
  expectTensor(op, first);
  const { backend } = first;
  for (const other of others) {
    expectTensor(op, other);
    if (other.backend !== backend) throw new UnsupportedError(`${op}: ${twoBackends(backend, other.backend)}`);
  }
  return backend;
}

/** `backendOf` for an op that computes with float32 only. Throws `ShapeError` for an int32 input too. */
export function floatBackendOf(op: string, first: Tensor, ...others: readonly Tensor[]): Backend {
  const backend = backendOf(op, first, ...others);
  expectFloats(op, first);
  for (const other of others) expectFloats(op, other);
  return backend;
}

/** Throws `ShapeError` unless `x` holds float32 numbers. */
export function expectFloats(op: string, x: Tensor): void {
  if (x.dtype !== "float32") {
    throw new ShapeError(`${op} computes with float32, got ${x.dtype} ${showShape(x.shape)} (from an Int32Array?)`);
  }
}

/** Throws `UnsupportedError` unless `input` is a tensor that this copy of the package made. */
export function expectTensor(op: string, input: unknown): void {
  if (input instanceof Tensor) return;
  if (typeof input === "object" && input !== null && brand in input) {
    throw new UnsupportedError(
      `${op}: this tensor was made by another copy of @bertkit/tensor, and copies do not share gradients: ` +
        "let the packages that use it depend on one version (npm ls @bertkit/tensor shows them)",
    );
  }
  const found = typeof input === "object" && input !== null ? input.constructor?.name : typeof input;
  throw new UnsupportedError(`${op}: wanted a Tensor, got ${found}: Tensor.from(backend, values) makes one`);
}

function twoBackends(a: Backend, b: Backend): string {
  const names = a.name === b.name ? `two backends, both named ${a.name}` : `two backends, ${a.name} and ${b.name}`;
  return `inputs live on ${names}: read() one and make it anew on the other with Tensor.from`;
}
