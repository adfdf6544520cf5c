import { describe, expect, test } from "@jest/globals";
import type { Backend, BinaryKind, Kernels, UnaryKind } from "../backend.js";
import { alteredReference } from "../fixtures/altered-backend.js";
import * as index from "../index.js";
import { sizeOf } from "../shape.js";
import { lossAndGradients } from "../tape.js";
import { placed, weightedSum } from "./numeric-gradient.js";
import { opCases } from "./op-cases.js";
import { useBackend } from "./use-backend.js";

/** Exported functions that compute no tensor from tensors, and those that are tested in another place. */
const notOps = [
  ...["broadcastShapes", "expectRank", "expectShape", "sameShape", "showShape", "sizeOf", "weightsIn"],
  ...["constant", "normal", "truncatedNormal", "hash", "keeps", "keepThreshold"],
  ...["differentiable", "lossAndGradients", "needsGradient", "tidy"],
  ...["attentionBlocks", "openReference", "plainCustomKernel", "plainKernels"],
  ...["quantizedLinear", "gatherQuantizedRows"], // no gradients: describeBackend has tests of their own
  ...["quantizeRows", "quantizeRowsInto"], // from values to values
  "identity", // returns what it gets
  ...["full", "ones", "zeros"], // no inputs: create.test.ts
  "adamw", // in place: describeBackend has a test of its own for it
  "defineKernel", // makes ops: the case "a custom kernel"
];

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));

// The compiler lists what is missing here.
const unaryKinds: Record<UnaryKind, true> = {
  negate: true,
  exp: true,
  log: true,
  sqrt: true,
  reciprocal: true,
  tanh: true,
  sigmoid: true,
  erf: true,
  relu: true,
  step: true,
  gelu: true,
  geluSlope: true,
  geluTanh: true,
  geluTanhSlope: true,
};
const binaryKinds: Record<BinaryKind, true> = { add: true, subtract: true, multiply: true, divide: true };

describe("the op cases", () => {
  const used = new Set<string>();
  const backend = useBackend(() => alteredReference(({ kernels }) => ({ kernels: noting(kernels, used) })));

  test("name every op that the package exports", () => {
    const ops = Object.entries(index).filter(([name, value]) => {
      return typeof value === "function" && !isClass(value) && !notOps.includes(name);
    });
    expect(ops.length).toBeGreaterThan(40);
    const missing = ops
      .map(([name]) => name)
      .filter((name) => !opCases.some((op) => op.name.split(/[ ,]/)[0] === name));
    expect(missing).toEqual([]);
    expect(notOps.filter((name) => !(name in index))).toEqual([]);
  });

  test("have names of their own", () => {
    expect(new Set(opCases.map(({ name }) => name)).size).toBe(opCases.length);
  });

  test("use every kernel, every unary and every binary kind, forward or backward", () => {
    for (const op of opCases) {
      const inputs = op.shapes.map((shape) => placed(backend(), new Float32Array(sizeOf(shape)).fill(0.5), shape));
      lossAndGradients(inputs, () => weightedSum(op.run(...inputs)))[Symbol.dispose]();
      for (const input of inputs) input.dispose();
    }
    const wanted = [...Object.keys(backend().kernels), ...Object.keys(unaryKinds), ...Object.keys(binaryKinds)];
    expect(wanted.filter((name) => !used.has(name))).toEqual(["quantizedLinear", "gatherQuantizedRows", "adamw"]);
  });
});

/** The same kernels; the name and the first argument of each call go to `used`. */
function noting(kernels: Kernels, used: Set<string>): Backend["kernels"] {
  const wrapped = Object.entries(kernels).map(([name, run]) => [
    name,
    (...operands: readonly unknown[]) => {
      used.add(name);
      if (typeof operands[0] === "string") used.add(operands[0]);
      (run as (...all: readonly unknown[]) => void)(...operands);
    },
  ]);
  return Object.fromEntries(wrapped) as Kernels;
}
