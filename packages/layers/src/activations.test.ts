import { openReference, Tensor, tidy, UnsupportedError } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { activationNamed, activationNames } from "./activations.js";

const inputs = [-3, -1.5, -0.3, 0, 0.7, 2, 12];

// ACT2FN[name] of transformers 5.23 in float64 at `inputs`, 14 decimals.
const outputs: Readonly<Record<string, readonly number[]>> = {
  linear: [-3.0, -1.5, -0.3, 0.0, 0.7, 2.0, 12.0],
  relu: [0.0, 0.0, 0.0, 0.0, 0.7, 2.0, 12.0],
  relu2: [0.0, 0.0, 0.0, 0.0, 0.49, 4.0, 144.0],
  relu6: [0.0, 0.0, 0.0, 0.0, 0.7, 2.0, 6.0],
  leaky_relu: [-0.03, -0.015, -0.003, 0.0, 0.7, 2.0, 12.0],
  gelu: [-0.00404969409489, -0.10021080190329, -0.11462657334331, 0.0, 0.53062544344385, 1.95449973610364, 12.0],
  gelu_python: [-0.00404969409489, -0.10021080190329, -0.11462657334331, 0.0, 0.53062544344385, 1.95449973610364, 12.0],
  gelu_10: [-0.00404969409489, -0.10021080190329, -0.11462657334331, 0.0, 0.53062544344385, 1.95449973610364, 10.0],
  gelu_new: [-0.00363739208177, -0.10042842301977, -0.11462907645724, 0.0, 0.53057013470512, 1.95459769408777, 12.0],
  gelu_fast: [-0.00363739208186, -0.10042842302065, -0.11462907645736, 0.0, 0.53057013470459, 1.95459769408718, 12.0],
  gelu_pytorch_tanh: [
    -0.00363739208177, -0.10042842301977, -0.11462907645724, 0.0, 0.53057013470512, 1.95459769408777, 12.0,
  ],
  gelu_python_tanh: [
    -0.00363739208177, -0.10042842301977, -0.11462907645724, 0.0, 0.53057013470512, 1.95459769408777, 12.0,
  ],
  gelu_accurate: [
    -0.00363739208177, -0.10042842301977, -0.11462907645724, 0.0, 0.53057013470512, 1.95459769408777, 12.0,
  ],
  quick_gelu: [
    -0.01807130970779, -0.10833780155292, -0.11251586461841, 0.0, 0.53689395172315, 1.93565862314421, 11.99999998381358,
  ],
  silu: [
    -0.1422776195327, -0.27363828570953, -0.1276672449565, 0.0, 0.46773144051772, 1.76159415595576, 11.99992626990477,
  ],
  swish: [
    -0.1422776195327, -0.27363828570953, -0.1276672449565, 0.0, 0.46773144051772, 1.76159415595576, 11.99992626990477,
  ],
  mish: [
    -0.14564746127562, -0.29809974216681, -0.15113317713833, 0.0, 0.56114837764385, 1.94395895953399, 11.99999999909398,
  ],
  sigmoid: [
    0.04742587317757, 0.18242552380636, 0.42555748318834, 0.5, 0.66818777216817, 0.88079707797788, 0.9999938558254,
  ],
  tanh: [
    -0.99505475368673, -0.90514825364487, -0.29131261245159, 0.0, 0.60436777711716, 0.96402758007582, 0.9999999999245,
  ],
  hardswish: [0.0, -0.375, -0.135, 0.0, 0.43166666666667, 1.66666666666667, 12.0],
  laplace: [0.0, 0.0, 0.00017842335598, 0.00609445961794, 0.48995025477063, 0.99999771024506, 1.0],
  sqrtsoftplus: [
    0.22042538777042, 0.44879090675141, 0.74455036395702, 0.8325546111577, 1.0503266391392, 1.45839912611156,
    3.46410250197558,
  ],
};

describe("every activation that a configuration may name equals transformers'", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());

  test("none is left out", () => {
    expect([...activationNames].sort()).toEqual(Object.keys(outputs).sort());
  });

  test.each(Object.entries(outputs))("%s", async (name, expected) => {
    for (const backend of [reference(), wasm()]) {
      using x = Tensor.from(backend, Float64Array.from(inputs));
      using y = tidy(() => activationNamed(name)(x));
      // 14 decimals; transformers' gelu_fast rounds its constants to 1e-12.
      expectClose(await y.read(), expected, backend === wasm() ? "float32" : 2e-12);
    }
  });

  test.each(["prelu", "xielu", "GELU", "__proto__", "constructor", "toString", ""])("%p is none of them", (name) => {
    expect(() => activationNamed(name)).toThrow(UnsupportedError);
    expect(() => activationNamed(name)).toThrow(/known: linear, relu, /);
  });
});
