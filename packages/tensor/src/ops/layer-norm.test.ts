import { describe, expect, test } from "@jest/globals";
import { alteredReference } from "../fixtures/altered-backend.js";
import { fusedReference } from "../fixtures/fused-reference.js";
import { type Nested, tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { placed, weightedSum } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { layerNorm } from "./layer-norm.js";

describe.each([
  ["composed", () => openReference()],
  ["fused", () => fusedReference().backend],
])("layerNorm, %s", (_, open) => {
  const backend = useBackend(open);
  const t = (nested: Nested): Tensor => tensorOf(backend(), nested);
  const weight = (): Tensor => t([2, 3]);
  const bias = (): Tensor => t([10, 20]);

  test("[1, 3] has mean 2 and variance 1, so it becomes [−1, 1], scaled and shifted", async () => {
    const { shape, values } = await valuesOf(() => layerNorm(t([[1, 3]]), weight(), bias(), { epsilon: 1e-12 }));
    expect(shape).toEqual([1, 2]);
    expectClose(values, [8, 23], 1e-6);
  });

  test("the residual is added first", async () => {
    const options = { epsilon: 3, residual: t([[0, 5]]) };
    // [0, 2] + [0, 5] = [0, 7] has variance 12.25; with ε = 3 the deviation is √15.25 = 3.9051248.
    const { values } = await valuesOf(() => layerNorm(t([[0, 2]]), weight(), bias(), options));
    options.residual.dispose();
    expectClose(values, [10 - 2 * 0.89625816, 20 + 3 * 0.89625816], 1e-6);
  });

  test("a constant row becomes the bias, with BERT's ε of 1e-12 too", async () => {
    const { values } = await valuesOf(() => layerNorm(t([[7, 7]]), weight(), bias(), { epsilon: 1e-12 }));
    expect(values).toEqual([10, 20]);
  });

  test("no rows give no rows", async () => {
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 2]);
    expect(await valuesOf(() => layerNorm(none(), weight(), bias(), { epsilon: 1 }))).toEqual({
      shape: [0, 2],
      values: [],
    });
  });

  test("what does not fit is named", () => {
    const epsilon = 1e-12;
    expect(thrown(() => layerNorm(t(1), weight(), bias(), { epsilon }))).toBe(
      "ShapeError: layerNorm: x must have an axis, got a scalar",
    );
    expect(thrown(() => layerNorm(t([1, 2, 3]), weight(), bias(), { epsilon }))).toBe(
      "ShapeError: layerNorm: weight must be [3], got [2]",
    );
    expect(thrown(() => layerNorm(t([1, 2]), weight(), t([1]), { epsilon }))).toBe(
      "ShapeError: layerNorm: bias must be [2], got [1]",
    );
    expect(thrown(() => layerNorm(t([[1, 2]]), weight(), bias(), { epsilon, residual: t([1, 2]) }))).toBe(
      "ShapeError: layerNorm: residual [2] must have the shape of x [1, 2]",
    );
  });
});

describe("layerNorm with a fused kernel", () => {
  const { backend: fused, used } = fusedReference();
  const backend = useBackend(() => fused);

  test("that has no backward: used without a gradient, and never where one would be lost", async () => {
    used.layerNorm = 0;
    using x = placed(backend(), Float32Array.of(1, 3, 5, 2), [2, 2]);
    using weight = placed(backend(), Float32Array.of(2, 3), [2]);
    using bias = placed(backend(), Float32Array.of(1, 1), [2]);
    const run = (): Tensor => layerNorm(x, weight, bias, { epsilon: 1e-12 });
    await valuesOf(run);
    expect(used.layerNorm).toBe(1);
    using result = lossAndGradients([x, weight, bias], () => weightedSum(run()));
    expect([result.gradients.size, used.layerNorm]).toEqual([3, 1]);
  });
});

describe("layerNorm with a fused kernel that has a backward", () => {
  const backend = useBackend(() =>
    alteredReference(({ kernels }) => ({
      fused: {
        layerNorm: {
          forward: (x, _residual, _weight, _bias, _epsilon, out) => kernels.copy(x, 0, out, 0, 2),
          backward(_x, _residual, _weight, _dy, _epsilon, { dx, dWeight, dBias }) {
            kernels.fill(1, dx);
            kernels.fill(2, dWeight);
            kernels.fill(3, dBias);
          },
        },
      },
    })),
  );

  test("takes its gradients: one for x and residual, one for the weight, one for the bias", async () => {
    const names = ["x", "residual", "weight", "bias"] as const;
    const shapes = [[1, 2], [1, 2], [2], [2]];
    const [x, residual, weight, bias] = names.map((_, i) => placed(backend(), Float32Array.of(1, 2), shapes[i]!)) as [
      ReturnType<typeof placed>,
      ReturnType<typeof placed>,
      ReturnType<typeof placed>,
      ReturnType<typeof placed>,
    ];
    const parameters = [x, residual, weight, bias];
    {
      using result = lossAndGradients(parameters, () =>
        weightedSum(layerNorm(x, weight, bias, { epsilon: 1, residual })),
      );
      const found = await Promise.all(parameters.map((parameter) => result.gradients.get(parameter)!.read()));
      expect(found.map((values) => [...values])).toEqual([
        [1, 1],
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
    }
    {
      using both = lossAndGradients([x], () => weightedSum(layerNorm(x, weight, bias, { epsilon: 1, residual: x })));
      expect([...(await both.gradients.get(x)!.read())]).toEqual([2, 2]);
    }
    for (const parameter of parameters) parameter.dispose();
  });
});
