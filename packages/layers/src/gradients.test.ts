import {
  type Backend,
  lossAndGradients,
  openReference,
  type Parameter,
  RandomStream,
  scale,
  sizeOf,
  type Tensor,
  type Values,
} from "@bertkit/tensor";
import { checkGradients, expectClose, placed, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import { type LayerCase, layerCases } from "./fixtures/layer-cases.js";

// Tolerances are absolute below 1: a larger loss makes them stricter for small gradients, as far as float32 carries.
const lossScale = { differences: 100, wasm: 10 };

function open(
  { inputs, make }: LayerCase,
  backend: Backend,
  factor: number,
): { loss: () => Tensor; parameters: Map<string, Parameter>; dispose(): void } {
  const { module, run } = make();
  filled(module, backend);
  const random = new RandomStream(9);
  const tensors = inputs.map((shape) =>
    placed(
      backend,
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
      shape,
    ),
  );
  const parameters = new Map([...module.parameters(), ...tensors.map((tensor, i) => [`input ${i}`, tensor] as const)]);
  return {
    loss: () => scale(weightedSum(run(...tensors)), factor),
    parameters,
    dispose() {
      for (const parameter of parameters.values()) parameter.dispose();
    },
  };
}

/** Undefined for a parameter that the loss does not depend on. */
async function gradientsOf(layerCase: LayerCase, backend: Backend): Promise<Map<string, Values | undefined>> {
  const { loss, parameters, dispose } = open(layerCase, backend, lossScale.wasm);
  using result = lossAndGradients(parameters.values(), loss);
  const values = new Map<string, Values | undefined>();
  for (const [name, parameter] of parameters) values.set(name, await result.gradients.get(parameter)?.read());
  dispose();
  return values;
}

// Weights are made of queries and keys alone.
const withoutGradient = (name: string): string[] =>
  name.endsWith("themselves") ? ["value.weight", "value.bias", "output.weight", "output.bias"] : [];

describe("the gradient of every layer", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());

  test.each(layerCases)("$name: equals finite differences", async (layerCase) => {
    const { loss, parameters, dispose } = open(layerCase, reference(), lossScale.differences);
    const unused = withoutGradient(layerCase.name);
    await checkGradients(new Map([...parameters].filter(([name]) => !unused.includes(name))), loss);
    dispose();
  });

  test.each(layerCases)("$name: the wasm backend's equals the reference's", async (layerCase) => {
    const expected = await gradientsOf(layerCase, reference());
    const actual = await gradientsOf(layerCase, wasm());
    expect([...actual.keys()]).toEqual([...expected.keys()]);
    for (const [name, values] of expected) {
      if (values) expectClose(actual.get(name)!, values, "float32", name);
      else expect(withoutGradient(layerCase.name)).toContain(name);
    }
  });
});
