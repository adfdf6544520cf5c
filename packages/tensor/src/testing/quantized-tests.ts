import type { Backend, Values } from "../backend.js";
import { type Activation, silu } from "../ops/activation.js";
import { gatherQuantizedRows, quantizedLinear } from "../ops/quantized.js";
import { gelu, geluTanh, relu, sigmoid, tanh } from "../ops/unary.js";
import { Parameter } from "../parameter.js";
import { quantizeRows } from "../quantize-rows.js";
import { RandomStream } from "../random.js";
import { Tensor } from "../tensor.js";
import { tidy } from "../tidy.js";
import { expectClose } from "./closeness.js";
import { testFramework } from "./test-framework.js";

const activations: Readonly<Record<string, Activation>> = { gelu, geluTanh, relu, sigmoid, tanh, silu };

/** [rows, inputs, outputs]: depths and widths on both sides of what vectors hold, and the extents of real models. */
const extents = [
  [1, 1, 1],
  [3, 5, 7],
  [9, 20, 33],
  [2, 33, 1],
  [17, 66, 18],
  [5, 64, 16],
  [13, 131, 50],
  [4, 384, 384],
  [2, 3072, 24],
  [0, 8, 8],
] as const;

/** What int8 weights give: the levels of the reference to the last one, whatever the extents and the numbers. */
export function quantizedTests(backend: () => Backend, reference: () => Backend): void {
  const { test } = testFramework();
  for (const [rows, inputs, outputs] of extents) {
    test(`[${rows}, ${inputs}] through [${outputs}, ${inputs}], dense and prepared`, async () => {
      const layer = drawLayer(inputs, outputs);
      const x = draw(1, rows * inputs);
      const expected = await run(reference(), x, layer);
      expectClose(await run(backend(), x, layer), expected, "float32");
      expectClose(await run(backend(), x, { ...layer, prepared: true }), expected, "float32");
      const { bias: _, ...unbiased } = layer;
      expectClose(await run(backend(), x, unbiased), await run(reference(), x, unbiased), "float32");
    });
  }
  for (const [name, activation] of Object.entries(activations)) {
    test(`then ${name}`, async () => {
      const layer = { ...drawLayer(19, 23), activation };
      const x = draw(1, 6 * 19);
      expectClose(await run(backend(), x, layer), await run(reference(), x, layer), "float32");
    });
  }
  numberTests(backend, reference);
  tableTests(backend);
}

function numberTests(backend: () => Backend, reference: () => Backend): void {
  const { test } = testFramework();
  /** Each output is one input: what comes out is what the levels stand for. */
  const throughIdentity = async (on: Backend, x: readonly number[], width: number): Promise<number[]> => {
    const levels = Int8Array.from({ length: width * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0));
    const layer = { inputs: width, levels, scales: new Float32Array(width).fill(1) };
    return [...(await run(on, Float32Array.from(x), layer))];
  };
  test("halves are rounded to even", async () => {
    const halves = [0, 255, 0.5, 1.5, 2.5, 126.5, 127.5, 254.5];
    expectClose(await throughIdentity(backend(), halves, 8), [0, 255, 0, 2, 2, 126, 128, 254], "exact");
    // The level of 0 is a half too: 127.5 steps up from −127.5.
    const signed = [-127.5, 127.5, -0.5, 0.5, 1.5, -1.5, 0, 63.5];
    expectClose(await throughIdentity(backend(), signed, 8), [-128, 127, 0, 0, 2, -2, 0, 64], "exact");
  });
  test("a row of one sign keeps 0 exactly", async () => {
    for (const sign of [1, -1]) {
      const row = [0, 51, 102, 255, 25.5].map((value) => sign * value);
      expectClose(
        await throughIdentity(backend(), row, 5),
        [0, 51, 102, 255, 26].map((v) => sign * v),
        "exact",
      );
    }
  });
  test("a row of zeros, or of numbers too small for a step, gives the bias", async () => {
    const layer = drawLayer(4, 5);
    for (const tiny of [0, -0, 1e-44, 1e-38, -1e-37]) {
      expectClose(await run(backend(), new Float32Array(4).fill(tiny), layer), layer.bias, "exact", `all ${tiny}`);
    }
  });
  test("channels of zeros give the bias", async () => {
    const layer = { ...drawLayer(7, 3), levels: new Int8Array(21), scales: new Float32Array(3) };
    expectClose(await run(backend(), draw(3, 14), layer), [...layer.bias, ...layer.bias], "exact");
  });
  test("the largest levels everywhere do not overflow", async () => {
    for (const sign of [1, -1]) {
      const levels = new Int8Array(2 * 4096).fill(63 * sign);
      const layer = { inputs: 4096, levels, scales: Float32Array.of(2 ** -20, 1) };
      const sum = sign * 63 * 255 * 4096;
      expectClose(await run(backend(), new Float32Array(4096).fill(255), layer), [sum * 2 ** -20, sum], "float32");
    }
  });
  test("one large number in a row takes the others' levels, and no other row's", async () => {
    const layer = drawLayer(37, 11);
    const x = draw(5, 3 * 37);
    x[40] = 80;
    x[70] = -300;
    expectClose(await run(backend(), x, layer), await run(reference(), x, layer), "float32");
  });
  test("a row with NaN or an infinity gives NaN, and no other row does", async () => {
    const layer = drawLayer(6, 4);
    const clean = draw(6, 3 * 6);
    const expected = await run(backend(), clean, layer);
    for (const [i, value] of [NaN, Infinity, -Infinity].entries()) {
      const x = clean.slice();
      x[6 + i] = value;
      const found = await run(backend(), x, layer);
      expectClose(found.subarray(4, 8), new Array(4).fill(NaN), "exact");
      expectClose(found.subarray(0, 4), expected.subarray(0, 4), "exact");
      expectClose(found.subarray(8), expected.subarray(8), "exact");
    }
  });
}

function tableTests(backend: () => Backend): void {
  const { test } = testFramework();
  for (const width of [1, 3, 4, 37, 384]) {
    test(`rows of ${width} from a table, in any order`, async () => {
      const { levels, scales } = quantizeRows(draw(2, 9 * width), width, "quantizedRows");
      const ids = Int32Array.of(8, 0, 3, 3, 8);
      using table = Tensor.from(backend(), levels, [9, width]);
      using scale = Tensor.from(backend(), scales);
      using y = tidy(() => gatherQuantizedRows(table, scale, Tensor.from(backend(), ids)));
      const row = (id: number): number[] =>
        Array.from(levels.subarray(id * width, (id + 1) * width), (level) => Math.fround(level * scales[id]!));
      expectClose(await y.read(), Array.from(ids, row).flat(), "exact");
    });
  }
  test("reads int8 back as it was written, whole or in pieces, prepared and restored", async () => {
    for (const [outputs, inputs] of [
      [1, 1],
      [7, 5],
      [33, 67],
    ] as const) {
      using weight = new Parameter([outputs, inputs], () => 0, { use: "quantizedLinear", dtype: "int8" });
      const levels = Int8Array.from({ length: outputs * inputs }, (_, i) => ((i * 37) % 127) - 63);
      weight.allocate(backend());
      const half = Math.floor(outputs / 2) * inputs;
      weight.write(levels.subarray(half), half);
      weight.write(levels.subarray(0, half));
      for (const change of [() => {}, () => weight.prepare(), () => weight.restore()]) {
        change();
        const values = await weight.read();
        if (!(values instanceof Int8Array)) throw new Error(`${values.constructor.name} where int8 was written`);
        expectClose(values, levels, "exact");
      }
    }
  });
}

interface Layer {
  readonly inputs: number;
  readonly levels: Int8Array;
  readonly scales: Float32Array;
  readonly bias?: Float32Array;
  readonly activation?: Activation;
  readonly prepared?: boolean;
}

async function run(on: Backend, x: Float32Array, layer: Layer): Promise<Values> {
  const { inputs, levels, scales, bias, activation, prepared = false } = layer;
  using weight = new Parameter([scales.length, inputs], () => 0, { use: "quantizedLinear", dtype: "int8" });
  weight.place(on, levels);
  if (prepared) weight.prepare();
  using y = tidy(() => {
    const rows = Tensor.from(on, x, [x.length / inputs, inputs]);
    return quantizedLinear(rows, weight, Tensor.from(on, scales), bias && Tensor.from(on, bias), activation);
  });
  return y.read();
}

function drawLayer(inputs: number, outputs: number): Layer & { readonly bias: Float32Array } {
  const weight = draw(inputs + outputs, inputs * outputs).map((value) => value / Math.sqrt(inputs));
  return { inputs, ...quantizeRows(weight, inputs, "quantizedLinear"), bias: draw(7, outputs) };
}

function draw(seed: number, size: number): Float32Array {
  const random = new RandomStream(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}
