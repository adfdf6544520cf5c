import type { Backend, View } from "./backend.js";
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

/** `backendOf` for an op that computes with float32 only. Throws `ShapeError` for integers too. */
export function floatBackendOf(op: string, first: Tensor, ...others: readonly Tensor[]): Backend {
  const backend = backendOf(op, first, ...others);
  expectFloats(op, first);
  for (const other of others) expectFloats(op, other);
  return backend;
}

/** Throws `ShapeError` unless `x` holds float32 numbers. */
export function expectFloats(op: string, x: Tensor): void {
  if (x.dtype !== "float32") {
    const source = x.dtype === "int8" ? "Int8Array" : "Int32Array";
    throw new ShapeError(`${op} computes with float32, got ${x.dtype} ${showShape(x.shape)} (from an ${source}?)`);
  }
}

/** Throws `ShapeError` unless `ids` are int32. */
export function expectIds(op: string, ids: Tensor): void {
  if (ids.dtype !== "int32") throw new ShapeError(`${op}: ids must be int32 (an Int32Array), got ${ids.dtype}`);
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

/** What a kernel sees of `x`; not a tensor, so that nothing but `x` itself holds its memory. */
export const asMatrix = ({ buffer, dtype }: View, rows: number, columns: number): View => ({
  buffer,
  dtype,
  shape: [rows, columns],
});

function twoBackends(a: Backend, b: Backend): string {
  const names = a.name === b.name ? `two backends, both named ${a.name}` : `two backends, ${a.name} and ${b.name}`;
  return `inputs live on ${names}: read() one and make it anew on the other with Tensor.from`;
}
