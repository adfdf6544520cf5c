import {
  type Activation,
  addScalar,
  erf,
  gelu,
  geluTanh,
  identity,
  leakyRelu,
  mish,
  multiply,
  quickGelu,
  relu,
  relu6,
  reluSquared,
  scale,
  sigmoid,
  silu,
  softplus,
  sqrt,
  subtract,
  tanh,
  UnsupportedError,
} from "@bertkit/tensor";

/** min(gelu(x), 10): what was trained for int8 (transformers, `ClippedGELUActivation`). Its floor of −10 is never reached. */
const clippedGelu: Activation = (x) => {
  const y = gelu(x);
  return subtract(y, relu(addScalar(y, -10)));
};

/** x · min(relu(x + 3), 6) / 6 (Howard et al. 2019, section 5.2). */
const hardSwish: Activation = (x) => scale(multiply(x, relu6(addScalar(x, 3))), 1 / 6);

/** (1 + erf((x − µ) / (σ √2))) / 2, µ = √½ and σ = √(1 / 4π), as transformers rounds them (Ma et al. 2022, section 3.3). */
const laplace: Activation = (x) =>
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: checkpoints were trained with the rounded one
  scale(addScalar(erf(scale(addScalar(x, -0.707107), 1 / (0.282095 * Math.SQRT2))), 1), 0.5);

const sqrtSoftplus: Activation = (x) => sqrt(softplus(x));

/**
 * Every activation without parameters of its own that a Hugging Face or Google configuration may name. Google's "gelu" is
 * the tanh approximation: its configurations are read as "gelu_new".
 */
const activations: ReadonlyMap<string, Activation> = new Map([
  ["linear", identity],
  ["relu", relu],
  ["relu2", reluSquared],
  ["relu6", relu6],
  ["leaky_relu", leakyRelu],
  ["gelu", gelu],
  ["gelu_python", gelu],
  ["gelu_new", geluTanh],
  ["gelu_fast", geluTanh],
  ["gelu_pytorch_tanh", geluTanh],
  ["gelu_python_tanh", geluTanh],
  ["gelu_accurate", geluTanh],
  ["gelu_10", clippedGelu],
  ["quick_gelu", quickGelu],
  ["silu", silu],
  ["swish", silu],
  ["mish", mish],
  ["sigmoid", sigmoid],
  ["tanh", tanh],
  ["hardswish", hardSwish],
  ["laplace", laplace],
  ["sqrtsoftplus", sqrtSoftplus],
]);

export const activationNames: readonly string[] = [...activations.keys()];

/** The activation a configuration names. Throws `UnsupportedError` that lists those there are. */
export function activationNamed(name: string): Activation {
  const activation = activations.get(name);
  if (!activation) {
    throw new UnsupportedError(`unknown activation "${name}"; known: ${activationNames.join(", ")}`);
  }
  return activation;
}
