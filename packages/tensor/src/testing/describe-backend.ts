import type { Backend, Values } from "../backend.js";
import { adamw } from "../ops/adamw.js";
import { zeros } from "../ops/create.js";
import { linear } from "../ops/linear.js";
import { matmul } from "../ops/matmul.js";
import { Parameter } from "../parameter.js";
import { RandomStream } from "../random.js";
import { openReference } from "../reference/open-reference.js";
import { sizeOf } from "../shape.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { tidy } from "../tidy.js";
import { expectClose } from "./closeness.js";
import { placed, weightedSum } from "./numeric-gradient.js";
import { type OpCase, opCases } from "./op-cases.js";
import { quantizedTests } from "./quantized-tests.js";
import { rowIndependenceTests } from "./row-independence.js";
import { testFramework } from "./test-framework.js";
import { type OpenBackend, useBackend } from "./use-backend.js";

/**
 * The tests every backend passes: each op forward and backward against the reference in double precision, memory,
 * prepared weights, int8, custom kernels, and rows that do not depend on their neighbours. Call it (and `await` it) at the top
 * level of a test file. Where `open` gives undefined the tests are skipped, unless the environment's REQUIRED_BACKENDS
 * names this backend (a list with commas): then they fail.
 */
export async function describeBackend(name: string, open: OpenBackend): Promise<void> {
  const { describe, test } = testFramework();
  const probe = await open();
  probe?.[Symbol.dispose]();
  const required = (process.env.REQUIRED_BACKENDS ?? "").split(",").some((listed) => listed.trim() === name);
  if (!probe && !required) {
    describe(`backend ${name}`, () => test.skip("its device is absent here", () => {}));
    return;
  }
  describe(`backend ${name}`, () => {
    const backend = useBackend(open);
    const reference = useBackend(() => openReference({ precision: "float64" }));
    describe("computes like the reference", () => {
      for (const op of opCases) {
        test(op.name, async () => {
          const [expected, actual] = [await evaluate(reference(), op), await evaluate(backend(), op)];
          expectClose(actual.output, expected.output, "float32", "output");
          for (const [i, gradient] of expected.gradients.entries()) {
            // Gradients sum over rows, so their rounding grows with the extents; 1e-4 covers the largest case here.
            expectClose(actual.gradients[i]!, gradient, "acrossDevices", `gradient of input ${i}`);
          }
        });
        test(`${op.name}, without a gradient the same`, async () => {
          const inputs = inputsOf(op);
          const read = async (on: Backend): Promise<Values> => {
            const tensors = inputs.map((values, i) => Tensor.from(on, values, op.shapes[i]!));
            using output = tidy(() => op.run(...tensors));
            const values = await output.read();
            for (const tensor of tensors) tensor.dispose();
            return values;
          };
          expectClose(await read(backend()), await read(reference()), "float32");
        });
      }
    });
    describe("keeps memory", () => memoryTests(backend));
    describe("prepares weights", () => preparedTests(backend));
    describe("computes with int8 weights", () => quantizedTests(backend, reference));
    describe("gives a row the same numbers in any company", () => rowIndependenceTests(backend));
    test("moves a parameter as AdamW does", async () => {
      for (const count of [0, 3]) {
        expectClose(await adamwStep(backend(), count), await adamwStep(reference(), count), "float32");
      }
    });
  });
}

function inputsOf(op: OpCase): Float32Array[] {
  const random = new RandomStream(3);
  return op.shapes.map((shape) =>
    Float32Array.from({ length: sizeOf(shape) }, () => (op.positive ? 0.5 + 2.5 * random.uniform() : random.normal())),
  );
}

async function evaluate(backend: Backend, op: OpCase): Promise<{ output: Values; gradients: Values[] }> {
  const parameters = inputsOf(op).map((values, i) => placed(backend, values, op.shapes[i]!));
  using output = tidy(() => op.run(...parameters));
  using result = lossAndGradients(parameters, () => weightedSum(op.run(...parameters)));
  const gradients: Values[] = [];
  for (const parameter of parameters) gradients.push(await result.gradients.get(parameter)!.read());
  const values = await output.read();
  for (const parameter of parameters) parameter.dispose();
  return { output: values, gradients };
}

async function adamwStep(backend: Backend, count: number): Promise<number[]> {
  const step = { rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, decay: 0.01, count };
  using parameter = placed(backend, Float32Array.of(1, -2, 3, 0.5, 0), [5]);
  using gradient = Tensor.from(backend, Float32Array.of(0.1, -0.2, 0, 5, 1e-3));
  using mean = zeros(backend, [5]);
  using variance = zeros(backend, [5]);
  adamw(parameter, gradient, { mean, variance }, step);
  adamw(parameter, gradient, { mean, variance }, step);
  return [...(await parameter.read()), ...(await mean.read()), ...(await variance.read())];
}

function memoryTests(backend: () => Backend): void {
  const { test } = testFramework();
  test("counts what is allocated and what is given back", () => {
    const before = backend().memory;
    const tensor = Tensor.empty(backend(), [3, 5]);
    const during = backend().memory;
    tensor.dispose();
    const after = backend().memory;
    if (during.buffers !== before.buffers + 1 || during.bytes < before.bytes + 60) throw new Error("not counted");
    if (after.buffers !== before.buffers || after.bytes !== before.bytes) throw new Error("not given back");
  });
  test("reads back what was written, whole or in pieces, of any size", async () => {
    for (const size of [0, 1, 5, 4099]) {
      const values = Float32Array.from({ length: size }, (_, i) => Math.fround(i * 0.37 - 5));
      using tensor = Tensor.from(backend(), values);
      expectClose(await tensor.read(), values, "exact");
      if (size < 2) continue;
      backend().write(tensor.buffer, Float32Array.of(7, 8), size - 2);
      expectClose((await tensor.read()).subarray(size - 2), [7, 8], "exact");
    }
    using integers = Tensor.from(backend(), Int32Array.of(1, -2, 2 ** 30 + 1));
    expectClose(await integers.read(), [1, -2, 2 ** 30 + 1], "exact");
  });
  test("what was read is a copy", async () => {
    using tensor = Tensor.from(backend(), Float32Array.of(1, 2));
    const values = await tensor.read();
    values[0] = 9;
    expectClose(await tensor.read(), [1, 2], "exact");
  });
}

function preparedTests(backend: () => Backend): void {
  const { test } = testFramework();
  const random = new RandomStream(8);
  const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.normal());
  for (const [outputs, inputs] of [
    [1, 1],
    [7, 5],
    [16, 64],
    [33, 20],
    [384, 130],
  ] as const) {
    test(`[${outputs}, ${inputs}]: reads the same, multiplies the same, comes back the same`, async () => {
      const values = draw(outputs * inputs);
      using weight = new Parameter([outputs, inputs], () => 0, { use: "linear" });
      weight.place(backend(), values);
      using x = Tensor.from(backend(), draw(9 * inputs), [9, inputs]);
      using dy = Tensor.from(backend(), draw(9 * outputs), [9, outputs]);
      const products = async (): Promise<Values[]> => {
        using forward = tidy(() => linear(x, weight));
        using product = tidy(() => matmul(x, weight, { transposeB: true }));
        using back = tidy(() => matmul(dy, weight));
        return Promise.all([forward.read(), product.read(), back.read()]);
      };
      const dense = await products();
      weight.prepare();
      for (const [i, product] of (await products()).entries()) expectClose(product, dense[i]!, "float32");
      expectClose(await weight.read(), values, "exact");
      weight.restore();
      expectClose(await weight.read(), values, "exact");
    });
  }
}
