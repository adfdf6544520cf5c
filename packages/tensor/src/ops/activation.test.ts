import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { openReference } from "../reference/open-reference.js";
import { expectClose } from "../testing/closeness.js";
import { useBackend } from "../testing/use-backend.js";
import {
  type Activation,
  identity,
  kernelOf,
  leakyRelu,
  mish,
  quickGelu,
  relu6,
  reluSquared,
  silu,
  softplus,
} from "./activation.js";
import { gelu, geluTanh, relu, sigmoid, tanh } from "./unary.js";

/** At −2, −1, 0, 1 and 2; the transcendental ones from mpmath with 40 digits. */
const known: readonly (readonly [name: string, activation: Activation, y: readonly number[]])[] = [
  ["identity", identity, [-2, -1, 0, 1, 2]],
  ["silu", silu, [-0.238405844044, -0.26894142137, 0, 0.73105857863, 1.761594155956]],
  ["quickGelu", quickGelu, [-0.0643413768558, -0.154204234067, 0, 0.845795765933, 1.93565862314]],
  ["softplus", softplus, [0.126928011043, 0.313261687518, 0.69314718056, 1.31326168752, 2.12692801104]],
  ["mish", mish, [-0.252501482696, -0.303401461374, 0, 0.865098388267, 1.94395895953]],
  ["reluSquared", reluSquared, [0, 0, 0, 1, 4]],
  ["relu6", relu6, [0, 0, 0, 1, 2]],
  ["leakyRelu", leakyRelu, [-0.02, -0.01, 0, 1, 2]],
];

describe("activations", () => {
  const backend = useBackend(() => openReference());

  test.each(known)("%s", async (_, activation, y) => {
    const { values } = await valuesOf(() => activation(tensorOf(backend(), [-2, -1, 0, 1, 2])));
    expectClose(values, y, 3e-7);
  });

  test("softplus and mish of large numbers do not overflow", async () => {
    expect((await valuesOf(() => softplus(tensorOf(backend(), [-1e4, 1e4])))).values).toEqual([0, 1e4]);
    expect((await valuesOf(() => mish(tensorOf(backend(), [-1e4, 1e4])))).values).toEqual([-0, 1e4]);
  });

  test("relu6 is flat beyond 6", async () => {
    expect((await valuesOf(() => relu6(tensorOf(backend(), [5.5, 6, 7, 1000])))).values).toEqual([5.5, 6, 6, 6]);
  });

  test("a fused linear can apply those that are one kernel, and no others", () => {
    expect([gelu, geluTanh, relu, sigmoid, tanh].map(kernelOf)).toEqual([
      "gelu",
      "geluTanh",
      "relu",
      "sigmoid",
      "tanh",
    ]);
    expect(known.map(([, activation]) => kernelOf(activation))).toEqual(known.map(() => undefined));
  });
});
