import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { alteredReference, withKernels } from "./fixtures/altered-backend.js";
import { fusedReference } from "./fixtures/fused-reference.js";
import { tensorOf } from "./fixtures/tensors.js";
import { thrown } from "./fixtures/thrown.js";
import { add, multiply, scale } from "./ops/arithmetic.js";
import { layerNorm } from "./ops/layer-norm.js";
import { linear } from "./ops/linear.js";
import { quantizedLinear } from "./ops/quantized.js";
import { reshape } from "./ops/reshape.js";
import { sum } from "./ops/sum.js";
import { gelu, negate, tanh } from "./ops/unary.js";
import { Parameter } from "./parameter.js";
import { openReference } from "./reference/open-reference.js";
import { Scope } from "./scope.js";
import { differentiable, lossAndGradients, needsGradient } from "./tape.js";
import type { Tensor } from "./tensor.js";
import { placed } from "./testing/numeric-gradient.js";
import { useBackend } from "./testing/use-backend.js";
import { tidy } from "./tidy.js";

async function gradientsOf(parameters: readonly Parameter[], forward: () => Tensor): Promise<(number[] | undefined)[]> {
  using result = lossAndGradients(parameters, forward);
  return Promise.all(
    parameters.map(async (parameter) => {
      const gradient = result.gradients.get(parameter);
      return gradient && [...(await gradient.read())];
    }),
  );
}

describe("lossAndGradients", () => {
  const backend = useBackend(() => openReference());
  const buffers = (): number => backend().memory.buffers;
  const parameter = (...values: number[]): Parameter => placed(backend(), Float32Array.from(values), [values.length]);

  test("gives the loss and the slope of each parameter", async () => {
    using a = parameter(2, 3);
    using b = parameter(5, 7);
    using result = lossAndGradients([a, b], () => sum(multiply(a, b)));
    expect([result.loss.shape, [...(await result.loss.read())]]).toEqual([[], [31]]);
    expect([...(await result.gradients.get(a)!.read())]).toEqual([5, 7]);
    expect([...(await result.gradients.get(b)!.read())]).toEqual([2, 3]);
    expect(buffers()).toBe(5);
  });

  test("adds up what flows back on every path, however often a tensor is used", async () => {
    using x = parameter(3);
    expect(await gradientsOf([x], () => sum(multiply(x, multiply(x, x))))).toEqual([[27]]);
    expect(await gradientsOf([x], () => sum(add(x, add(x, x))))).toEqual([[3]]);
    // y = x² serves twice: d(y · y + y) = (2y + 1) · 2x.
    const twice = (): Tensor => {
      const y = multiply(x, x);
      return sum(add(multiply(y, y), y));
    };
    expect(await gradientsOf([x], twice)).toEqual([[114]]);
  });

  test("a parameter the loss does not depend on is absent; a parameter named twice counts once", async () => {
    using used = parameter(1);
    using unused = parameter(1);
    expect(await gradientsOf([used, unused, used], () => sum(scale(used, 4)))).toEqual([[4], undefined, [4]]);
  });

  test("what does not flow into the loss is no obstacle", async () => {
    using x = parameter(2);
    const forward = (): Tensor => {
      gelu(x);
      const loss = sum(scale(x, 3));
      tanh(loss);
      return loss;
    };
    expect(await gradientsOf([x], forward)).toEqual([[3]]);
  });

  test("a frozen parameter gets none", async () => {
    using frozen = parameter(2);
    using trained = parameter(3);
    frozen.trainable = false;
    expect(await gradientsOf([frozen, trained], () => sum(multiply(frozen, trained)))).toEqual([undefined, [2]]);
  });

  test("viewAs carries no gradient, reshape does", async () => {
    using x = parameter(2, 3);
    expect(await gradientsOf([x], () => sum(x.viewAs([2, 1])))).toEqual([undefined]);
    expect(await gradientsOf([x], () => sum(reshape(x, [2, 1])))).toEqual([[1, 1]]);
  });

  test("blocks wrapped in tidy give the same gradients", async () => {
    using x = parameter(0.5, -1);
    const block = (y: Tensor): Tensor => tanh(multiply(gelu(y), y));
    const plain = await gradientsOf([x], () => sum(block(block(x))));
    const tidied = await gradientsOf([x], () => sum(tidy(() => block(tidy(() => block(x))))));
    expect(tidied).toEqual(plain);
  });

  test("inside tidy its results belong to the surrounding scope", () => {
    using x = parameter(1);
    tidy(() => {
      lossAndGradients([x], () => sum(scale(x, 2)));
      expect(buffers()).toBe(3);
      return undefined;
    });
    expect(buffers()).toBe(1);
  });

  test("a loss of one element with axes becomes a scalar; another shape is refused", () => {
    using x = parameter(1);
    using pair = parameter(1, 2);
    using result = lossAndGradients([x], () => scale(x, 2));
    expect(result.loss.shape).toEqual([]);
    expect(thrown(() => lossAndGradients([pair], () => scale(pair, 2)))).toBe(
      "ShapeError: a loss must be one number, got [2]: take its sum or its mean",
    );
  });

  test("a loss that was there before, or is a parameter itself, is not disposed of", async () => {
    using x = parameter(3);
    using constant = tensorOf(backend(), 4);
    lossAndGradients([x], () => constant)[Symbol.dispose]();
    expect([...(await constant.read())]).toEqual([4]);
    expect(await gradientsOf([x], () => x)).toEqual([[1]]);
    expect(x.placed).toBe(true);
  });

  test("a parameter prepared for inference is refused if wanted, used if frozen", async () => {
    using weight = new Parameter([1, 1], () => 0, { use: "linear" });
    weight.place(backend(), Float32Array.of(5));
    using x = placed(backend(), Float32Array.of(2), [1, 1]);
    weight.prepare();
    expect(thrown(() => lossAndGradients([weight, x], () => sum(linear(x, weight))))).toBe(
      "UnsupportedError: a [1, 1] parameter is prepared for inference: restore() it before training",
    );
    weight.trainable = false;
    expect(await gradientsOf([weight, x], () => sum(linear(x, weight)))).toEqual([undefined, [5]]);
  });

  test("a parameter of int8 is refused if wanted, used if frozen", async () => {
    using levels = new Parameter([1, 1], () => 0, { dtype: "int8" });
    levels.place(backend(), Int8Array.of(2));
    using head = placed(backend(), Float32Array.of(3), [1, 1]);
    const loss = (): Tensor => {
      const [x, step] = [tensorOf(backend(), [[255]]), tensorOf(backend(), [1])];
      return sum(linear(quantizedLinear(x, levels, step), head));
    };
    expect(thrown(() => lossAndGradients([head, levels], loss))).toBe(
      "UnsupportedError: a [1, 1] parameter holds int8, which has no gradient: " +
        "freeze() it, or load the model in float32 to train it",
    );
    levels.trainable = false;
    expect(await gradientsOf([head, levels], loss)).toEqual([[510], undefined]);
  });

  test("inside another is not recorded: its results are constants there", async () => {
    using x = parameter(3);
    const forward = (): Tensor => {
      const inner = lossAndGradients([x], () => sum(multiply(x, multiply(x, x))));
      return sum(multiply(inner.gradients.get(x)!, x));
    };
    // The inner gradient is 27; a second derivative would add 18 · 3.
    expect(await gradientsOf([x], forward)).toEqual([[27]]);
  });

  test("a gradient of the wrong shape is named", () => {
    using x = parameter(1, 2);
    const wrong = (): Tensor => sum(differentiable(negate(x.viewAs([2])), [x], () => [tensorOf(backend(), [1])]));
    expect(thrown(() => lossAndGradients([x], wrong))).toBe("ShapeError: gradient [1] does not fit its input [2]");
  });
});

describe("an error while recording", () => {
  const backend = useBackend(() => openReference());

  function expectNothingLeft(x: Parameter, forward: () => Tensor): void {
    const before = backend().memory.buffers;
    expect(() => lossAndGradients([x], forward)).toThrow("deliberate");
    expect(backend().memory.buffers).toBe(before);
    expect(Scope.current).toBeUndefined();
    expect(needsGradient(x)).toBe(false);
    using again = lossAndGradients([x], () => sum(multiply(x, x)));
    expect(again.gradients.size).toBe(1);
  }

  const fail = (): never => {
    throw new Error("deliberate");
  };

  test("at any depth, in any op forward or backward, leaves no buffer and no open recording behind", () => {
    using x = placed(backend(), Float32Array.of(0.5, -1), [2]);
    const cases = fc.record({ depth: fc.nat(4), at: fc.nat(8), backward: fc.boolean() });
    fc.assert(
      fc.property(cases, ({ depth, at, backward }) => {
        expectNothingLeft(x, () => {
          let y: Tensor = x;
          for (let step = 0; step <= 8; step++) {
            const block = (): Tensor => {
              const z = multiply(gelu(y), x);
              if (step !== at) return z;
              return backward ? differentiable(negate(z), [z], fail) : fail();
            };
            let nested = block;
            for (let level = 0; level < depth; level++) {
              const inner = nested;
              nested = () => tidy(inner);
            }
            y = nested();
          }
          return sum(y);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe("memory", () => {
  let peak = 0;
  const backend = useBackend(() =>
    alteredReference((truth) => ({
      allocate(size, dtype) {
        const buffer = truth.allocate(size, dtype);
        peak = Math.max(peak, truth.memory.buffers);
        return buffer;
      },
    })),
  );
  const block = (x: Tensor): Tensor => tidy(() => tanh(multiply(gelu(x), x)));
  const deep = (x: Tensor, depth: number): Tensor => {
    let y = x;
    for (let i = 0; i < depth; i++) {
      const previous = y;
      y = block(previous);
      if (previous !== x && !needsGradient(previous)) previous.dispose();
    }
    return y;
  };
  const peakOf = (body: () => unknown): number => {
    peak = 0;
    body();
    return peak;
  };

  test("in inference does not grow with depth where blocks are tidied", () => {
    using x = tensorOf(backend(), [1, 2]);
    const at = (depth: number): number =>
      peakOf(() => {
        using _ = tidy(() => deep(x, depth));
      });
    expect(at(40)).toBe(at(4));
  });

  test("a frozen teacher inside a recording keeps no activations", () => {
    using teacher = placed(backend(), Float32Array.of(1, 2), [2]);
    using student = placed(backend(), Float32Array.of(1, 2), [2]);
    teacher.trainable = false;
    const at = (depth: number): number =>
      peakOf(() => {
        using result = lossAndGradients([teacher, student], () => sum(multiply(deep(teacher, depth), student)));
        expect(result.gradients.size).toBe(1);
      });
    expect(at(40)).toBe(at(4));
  });

  test("the walk back gives activations back as it goes", () => {
    using x = placed(backend(), Float32Array.of(0.1, 0.2), [2]);
    let [afterForward, atTheEnd] = [0, 0];
    const peakOfAll = peakOf(() => {
      using _ = lossAndGradients([x], () => {
        const first = differentiable(
          tidy(() => negate(x.viewAs([2]))),
          [x],
          (dy) => {
            atTheEnd = backend().memory.buffers;
            return [dy];
          },
        );
        const loss = sum(deep(first, 20));
        afterForward = backend().memory.buffers;
        return loss;
      });
    });
    // 20 blocks of 3 activations; the walk adds the temporaries of one op and the gradients in flight.
    expect(afterForward).toBeGreaterThan(60);
    expect(peakOfAll).toBeLessThan(afterForward + 10);
    // Left at the last step: x, the loss, the first activation and its gradient.
    expect(atTheEnd).toBe(4);
  });
});

describe("fused kernels while recording", () => {
  const { backend: fused, used } = fusedReference();
  const backend = useBackend(() => fused);

  test("serve what no wanted parameter reaches, and only that", () => {
    using frozen = placed(backend(), Float32Array.of(1, 2, 3, 4), [2, 2]);
    using gain = placed(backend(), Float32Array.of(1, 1), [2]);
    using trained = placed(backend(), Float32Array.of(1, 0, 0, 1), [2, 2]);
    frozen.trainable = false;
    gain.trainable = false;
    using x = tensorOf(backend(), [[1, 2]]);
    using result = lossAndGradients([frozen, gain, trained], () => {
      const teacher = layerNorm(linear(x, frozen), gain, gain, { epsilon: 1 });
      const student = layerNorm(linear(x, trained), gain, gain, { epsilon: 1 });
      return sum(multiply(teacher, student));
    });
    expect([...result.gradients.keys()]).toEqual([trained]);
    expect(used).toEqual({ linear: 1, layerNorm: 1, attention: 0 });
  });
});

describe("a kernel that fails", () => {
  const backend = useBackend(() =>
    withKernels(() => ({
      softmaxGradient() {
        throw new Error("out of order");
      },
      unary() {
        throw new Error("out of order");
      },
    })),
  );

  test("leaves nothing behind either", () => {
    using x = placed(backend(), Float32Array.of(1), [1]);
    expect(() => lossAndGradients([x], () => sum(gelu(x)))).toThrow("out of order");
    expect(backend().memory.buffers).toBe(1);
  });
});
