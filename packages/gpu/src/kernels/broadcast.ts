import { type BinaryKind, type Kernels, sizeOf } from "@bertkit/tensor";
import type { Machine } from "../machine.js";
import { remembered } from "../wgsl/remembered.js";
import { shader } from "../wgsl/shader.js";
import { broadcastStrides, joined, walkText, walkTypes, walkValues } from "../wgsl/strides.js";
import { copyBytes, copyWords } from "./copy.js";

/** Kernels that move elements, or meet them, across shapes. */
export function broadcastKernels(machine: Machine): Pick<Kernels, "copy" | "binary" | "permute"> {
  const binary = remembered(binaryShader);
  const permute = remembered(permuteShader);
  return {
    copy(x, from, out, to, count) {
      const copy = x.dtype === "int8" ? copyBytes : copyWords;
      copy(machine, machine.dense(x, x.dtype), machine.dense(out, x.dtype), { from, to, count });
    },
    binary(kind, a, b, out) {
      const strides = [broadcastStrides(a.shape, out.shape), broadcastStrides(b.shape, out.shape)];
      const walk = joined({ extents: out.shape, strides });
      machine.runEach(
        binary(kind, walk.extents.length),
        { a: machine.dense(a), b: machine.dense(b), out: machine.dense(out) },
        { ...walkValues(walk, ["a", "b"]), size: sizeOf(out.shape) },
      );
    },
    permute(x, order, out) {
      const dtype = x.dtype === "int32" ? "int32" : "float32";
      const strides = [order.map((axis) => sizeOf(x.shape.slice(axis + 1)))];
      const walk = joined({ extents: out.shape, strides });
      machine.runEach(
        permute(walk.extents.length),
        { x: machine.dense(x, dtype), out: machine.dense(out, dtype) },
        { ...walkValues(walk, ["x"]), size: sizeOf(out.shape) },
      );
    },
  };
}

const threads = 256;

const signs: Readonly<Record<BinaryKind, string>> = { add: "+", subtract: "-", multiply: "*", divide: "/" };

const binaryShader = (kind: BinaryKind, rank: number) =>
  shader({
    name: `${kind} over ${rank} axes`,
    threads,
    reads: { a: "f32", b: "f32" },
    writes: { out: "f32" },
    parameters: { ...walkTypes(rank, ["a", "b"]), size: "u32" },
    body: `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }
${walkText(rank, ["a", "b"], "i")}
  out[i] = a[aAt] ${signs[kind]} b[bAt];`,
  });

const permuteShader = (rank: number) =>
  shader({
    name: `permute ${rank} axes`,
    threads,
    reads: { x: "u32" },
    writes: { out: "u32" },
    parameters: { ...walkTypes(rank, ["x"]), size: "u32" },
    body: `  let i = group * ${threads}u + lane;
  if (i >= p.size) { return; }
${walkText(rank, ["x"], "i")}
  out[i] = x[xAt];`,
  });
