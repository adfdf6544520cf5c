import { describe, expect, jest, test } from "@jest/globals";
import type { Backend } from "./backend.js";
import { alteredReference } from "./fixtures/altered-backend.js";
import { tensorOf } from "./fixtures/tensors.js";
import { thrown } from "./fixtures/thrown.js";
import { adamw } from "./ops/adamw.js";
import { add } from "./ops/arithmetic.js";
import { attentionMix } from "./ops/attention.js";
import { layerNorm } from "./ops/layer-norm.js";
import { linear } from "./ops/linear.js";
import { matmul } from "./ops/matmul.js";
import { concatRows, gatherRows } from "./ops/rows.js";
import { gelu } from "./ops/unary.js";
import { openReference } from "./reference/open-reference.js";
import { differentiable, lossAndGradients } from "./tape.js";
import { Tensor } from "./tensor.js";
import { placed } from "./testing/numeric-gradient.js";
import { useBackend } from "./testing/use-backend.js";

describe("tensors of two backends in one op", () => {
  const here = useBackend(() => openReference());
  const there = useBackend(() => alteredReference(() => ({ name: "elsewhere" })));
  const twin = useBackend(() => openReference());
  const make = (backend: Backend, ...shape: number[]): Tensor => Tensor.from(backend, Float32Array.of(1), shape);

  test("are refused before a kernel runs, and both backends are named", () => {
    const advice = "read() one and make it anew on the other with Tensor.from";
    expect(thrown(() => add(make(here(), 1), make(there(), 1)))).toBe(
      `UnsupportedError: add: inputs live on two backends, reference and elsewhere: ${advice}`,
    );
    expect(thrown(() => add(make(here(), 1), make(twin(), 1)))).toBe(
      `UnsupportedError: add: inputs live on two backends, both named reference: ${advice}`,
    );
  });

  test("are refused by every op of several tensors", () => {
    const [row, table] = [() => make(here(), 1), () => make(there(), 1, 1)];
    const layout = { heads: 1, queryOffsets: Int32Array.of(0, 1), keyOffsets: Int32Array.of(0, 1), causal: false };
    const ops: Record<string, () => unknown> = {
      matmul: () => matmul(make(here(), 1, 1), table()),
      linear: () => linear(row(), table()),
      layerNorm: () => layerNorm(row(), make(there(), 1), row(), { epsilon: 1 }),
      gatherRows: () => gatherRows(table(), Tensor.from(here(), Int32Array.of(0))),
      concatRows: () => concatRows([row(), make(there(), 1)]),
      attentionMix: () => attentionMix(row(), make(there(), 1, 1, 1), layout),
      adamw() {
        using parameter = placed(here(), Float32Array.of(1), [1]);
        const moments = { mean: row(), variance: row() };
        adamw(parameter, make(there(), 1), moments, {
          rate: 1,
          beta1: 0.9,
          beta2: 0.9,
          epsilon: 1,
          decay: 0,
          count: 0,
        });
      },
    };
    for (const [name, run] of Object.entries(ops)) {
      expect(thrown(run)).toMatch(new RegExp(`^UnsupportedError: ${name}: inputs live on two backends, `));
    }
  });
});

describe("a second copy of the package in one process", () => {
  const backend = useBackend(() => openReference());

  test("is noticed, and the remedy named, before a kernel runs", async () => {
    jest.resetModules();
    const copy = await import("./index.js");
    expect(copy.Tensor).not.toBe(Tensor);
    using foreign = copy.Tensor.from(backend(), Float32Array.of(1)) as unknown as Tensor;
    using own = tensorOf(backend(), [1]);
    const remedy =
      "this tensor was made by another copy of @bertkit/tensor, and copies do not share gradients: " +
      "let the packages that use it depend on one version (npm ls @bertkit/tensor shows them)";
    expect(thrown(() => add(own, foreign))).toBe(`UnsupportedError: add: ${remedy}`);
    expect(thrown(() => gelu(foreign))).toBe(`UnsupportedError: gelu: ${remedy}`);
    expect(thrown(() => copy.gelu(own))).toBe(`UnsupportedError: gelu: ${remedy}`);
    expect(thrown(() => differentiable(own, [foreign], () => [null]))).toBe(
      `UnsupportedError: differentiable: ${remedy}`,
    );
  });

  test("cannot train this copy's parameters unnoticed", async () => {
    jest.resetModules();
    const copy = await import("./index.js");
    using parameter = placed(backend(), Float32Array.of(1), [1]);
    expect(thrown(() => lossAndGradients([parameter], () => copy.sum(parameter) as unknown as Tensor))).toContain(
      "another copy of @bertkit/tensor",
    );
  });
});
