import { ownNames, QuantizedLinear } from "@bertkit/layers";
import { openReference, Tensor, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { graphBytes } from "../fixtures/graph-bytes.js";
import { useOnnxruntime } from "../fixtures/use-onnxruntime.js";
import { Graph } from "../graph/graph.js";
import { linear } from "./linear.js";

describe("an int8 linear map in ONNX", () => {
  const run = useOnnxruntime();
  const backend = useBackend(() => openReference());

  function placed(weight: readonly number[], scale: readonly number[], bias?: readonly number[]): QuantizedLinear {
    const outputs = scale.length;
    const part = new QuantizedLinear(weight.length / outputs, outputs, { bias: bias !== undefined });
    part.weight.place(backend(), Int8Array.from(weight));
    part.scale.place(backend(), Float32Array.from(scale));
    if (bias) part.bias!.place(backend(), Float32Array.from(bias));
    return part;
  }

  async function outputOf(part: QuantizedLinear, x: Float32Array): Promise<number[]> {
    const [outputs, inputs] = part.weight.shape as readonly [number, number];
    const graph = new Graph();
    graph.name(part.parameters(), ownNames);
    graph.output("y", linear(graph, part, graph.input("x", "float32", ["rows", inputs])), ["rows", outputs]);
    const { y } = await run(await graphBytes(graph), { x: { values: x, shape: [x.length / inputs, inputs] } });
    return Array.from(y!.values);
  }

  test("sums levels times levels, and scales once", async () => {
    // Row 1 has steps of 1 from −55 to 200, row 2 steps of 0.5 from 0 to 127.5.
    using part = placed([1, 2, 3, 63, 0, -63], [0.5, 2], [1, -2]);
    const found = await outputOf(part, Float32Array.of(-55, 200, 10.4, 127.5, 0, 0.3));
    expect(found).toEqual([
      0.5 * (-55 + 400 + 30) + 1,
      2 * 63 * (-55 - 10) - 2,
      0.5 * (127.5 + 1.5) + 1,
      2 * 63 * (127.5 - 0.5) - 2,
    ]);
  });

  test("of a row without a step, zeros or nearly, only the bias is left", async () => {
    using part = placed([1, 2, 63, -63], [0.5, 2], [1, -2]);
    expect(await outputOf(part, Float32Array.of(0, 0, 1e-44, -1e-44))).toEqual([1, -2, 1, -2]);
  });

  test("the largest levels that there are do not overflow", async () => {
    const inputs = 512;
    using part = placed(new Array<number>(2 * inputs).fill(63).fill(-63, inputs), [1, 1]);
    const x = new Float32Array(inputs).fill(255);
    expect(await outputOf(part, x)).toEqual([255 * 63 * inputs, -255 * 63 * inputs]);
  });

  test("rows of any size are computed as the reference computes them", async () => {
    const [rows, inputs, outputs] = [40, 9, 5];
    const numbers = (count: number, factor: number): number[] =>
      Array.from({ length: count }, (_, i) => factor * Math.sin(7 * i * i + 1));
    using part = placed(
      numbers(inputs * outputs, 63).map(Math.trunc),
      numbers(outputs, 1).map(Math.abs),
      [1, 2, 3, 4, 5],
    );
    const x = Float32Array.from(numbers(rows * inputs, 1), (value, i) => value * 2 ** (Math.floor(i / inputs) - 20));
    using expected = tidy(() => part.forward(Tensor.from(backend(), x, [rows, inputs])));
    const values = Array.from(await expected.read());
    const sizes = values.map((value) => Math.max(1, Math.abs(value)));
    const found = await outputOf(part, x);
    const relative = (list: readonly number[]): number[] => list.map((value, i) => value / sizes[i]!);
    expect(largestDifference(relative(found), relative(values))).toBeLessThan(1e-6);
  });
});
