import { activationNamed, activationNames } from "@bertkit/layers";
import { identity, openReference, scale, silu, Tensor, tidy, UnsupportedError } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { activate, nameOfActivation } from "./activations.js";
import { graphBytes } from "./fixtures/graph-bytes.js";
import { useOnnxruntime } from "./fixtures/use-onnxruntime.js";
import { Graph } from "./graph/graph.js";

// From where the tails are flat to where they are straight, through 0 and every bend.
const inputs = Float32Array.from({ length: 401 }, (_, i) => (i - 200) / 10);

describe("every activation is in ONNX what it is here", () => {
  const run = useOnnxruntime();
  const backend = useBackend(() => openReference({ precision: "float64" }));

  test.each(activationNames)("%s", async (name) => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["count"]);
    // Identity makes an output even of the activation that computes nothing.
    graph.output("y", graph.node("Identity", [activate(graph, name, x)]), ["count"]);
    const { y } = await run(await graphBytes(graph), { x: { values: inputs, shape: [inputs.length] } });
    using expected = tidy(() => activationNamed(name)(Tensor.from(backend(), Float64Array.from(inputs))));
    for (const [i, value] of (await expected.read()).entries()) {
      expect(Math.abs(y!.values[i]! - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
    }
  });
});

test("an activation is found by its function, and another function is refused by its name", () => {
  expect([nameOfActivation(identity), nameOfActivation(silu)]).toEqual(["linear", "silu"]);
  const halved = (x: Tensor): Tensor => scale(x, 0.5);
  expect(() => nameOfActivation(halved)).toThrow(
    new UnsupportedError(`halved has no form in ONNX; known activations: ${activationNames.join(", ")}`),
  );
  expect(() => activate(new Graph(), "gelu_13", "x")).toThrow(
    'activation "gelu_13" has no form in ONNX; known: linear,',
  );
});
