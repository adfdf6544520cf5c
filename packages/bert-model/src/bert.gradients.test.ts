import {
  add,
  type Backend,
  lossAndGradients,
  openReference,
  type Parameter,
  RandomStream,
  scale,
  type Tensor,
  type Values,
} from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import type { Bert } from "./bert.js";
import type { BertConfig } from "./config/bert-config.js";
import { batchOf, tinyBert } from "./fixtures/tiny-bert.js";

const batch = batchOf([3, 1, 4]);
const small = { vocabulary: 30, width: 4, heads: 2, innerWidth: 5, maxPositions: 6 };

const cases: readonly { name: string; fields: Partial<BertConfig>; loss: (bert: Bert) => Tensor }[] = [
  {
    name: "hidden states and pooled vectors",
    fields: {},
    loss(bert) {
      const { hidden, pooled } = bert.forward(batch);
      return add(weightedSum(hidden), weightedSum(pooled!));
    },
  },
  {
    name: "every layer and the scores, with dropout",
    fields: { hiddenDropout: 0.2, attentionDropout: 0.2, pooler: false },
    loss(bert) {
      const random = new RandomStream(3);
      const { layers, attention } = bert.forward(batch, { random, layers: true, attention: "scores" });
      return [...layers, ...attention].map((tensor) => weightedSum(tensor)).reduce(add);
    },
  },
  {
    name: "causal, sinusoidal, gelu_new, and the probabilities",
    fields: { causal: true, positions: "sinusoidal", activation: "gelu_new", pooler: false },
    loss(bert) {
      const { hidden, attention } = bert.forward(batch, { attention: "probabilities" });
      return [hidden, ...attention].map((tensor) => weightedSum(tensor)).reduce(add);
    },
  },
];

async function gradientsOf(bert: Bert, loss: (bert: Bert) => Tensor): Promise<Map<string, Values>> {
  const parameters = new Map<string, Parameter>(bert.parameters());
  using result = lossAndGradients(parameters.values(), () => loss(bert));
  const values = new Map<string, Values>();
  for (const [path, parameter] of parameters) values.set(path, await result.gradients.get(parameter)!.read());
  return values;
}

describe("the gradient of a whole BERT", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());
  const open = (backend: Backend, fields: Partial<BertConfig>) => tinyBert(backend, { ...small, ...fields });

  test.each(cases)("$name: equals finite differences", async ({ fields, loss }) => {
    using bert = open(reference(), fields);
    // The tolerance is absolute below 1: a larger loss makes it stricter for small gradients.
    await checkGradients(new Map(bert.parameters()), () => scale(loss(bert), 100), 3);
  });

  test.each(cases)("$name: the wasm backend's equals the reference's", async ({ fields, loss }) => {
    using expected = open(reference(), fields);
    using actual = open(wasm(), fields);
    const gradients = await gradientsOf(actual, loss);
    for (const [path, values] of await gradientsOf(expected, loss)) {
      expectClose(gradients.get(path)!, values, "float32", path);
    }
    expect(gradients.size).toBe([...actual.parameters()].length);
  });
});
