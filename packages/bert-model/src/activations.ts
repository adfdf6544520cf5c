import {
  type Activation,
  gelu,
  geluTanh,
  identity,
  leakyRelu,
  mish,
  quickGelu,
  relu,
  relu6,
  reluSquared,
  sigmoid,
  silu,
  tanh,
  UnsupportedError,
} from "@bertkit/tensor";

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
  ["quick_gelu", quickGelu],
  ["silu", silu],
  ["swish", silu],
  ["mish", mish],
  ["sigmoid", sigmoid],
  ["tanh", tanh],
]);

export const isActivationName = (name: string): boolean => activations.has(name);

/** The activation a configuration names. Throws `UnsupportedError` that lists those there are. */
export function activationNamed(name: string): Activation {
  const activation = activations.get(name);
  if (!activation)
    throw new UnsupportedError(`unknown activation "${name}"; known: ${[...activations.keys()].join(", ")}`);
  return activation;
}
