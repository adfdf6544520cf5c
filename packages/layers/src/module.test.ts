import {
  constant,
  DisposedError,
  lossAndGradients,
  openReference,
  Parameter,
  RandomStream,
  sum,
  Tensor,
  UnsupportedError,
} from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import { Embedding, Linear, Module, SinusoidalEmbedding, TransformerBlock } from "./index.js";

/** One of everything a module's fields may be. */
class Sampler extends Module {
  readonly scale = new Parameter([2], constant(3));
  readonly width = 7;
  readonly absent: Linear | undefined = undefined;
  readonly layers = [new Linear(2, 2, { bias: false }), new Linear(2, 3)];
  readonly nested = [[new Parameter([1], constant(1))], [new Linear(1, 1)]];
  readonly waves = new SinusoidalEmbedding(4, 2);
  readonly #borrowed: Linear;
  constructor(borrowed: Linear) {
    super();
    this.#borrowed = borrowed;
  }
  get borrowed(): Linear {
    return this.#borrowed;
  }
}

const paths = (module: Module, prefix?: string): string[] => Array.from(module.parameters(prefix), ([path]) => path);

describe("a module's state", () => {
  const sampler = new Sampler(new Linear(1, 1));

  test("is its parameters by path, in the order of the fields, arrays by number, # fields left out", () => {
    expect(paths(sampler)).toEqual([
      "scale",
      "layers.0.weight",
      "layers.1.weight",
      "layers.1.bias",
      "nested.0.0",
      "nested.1.0.weight",
      "nested.1.0.bias",
    ]);
    expect(paths(sampler, "model.head").slice(0, 2)).toEqual(["model.head.scale", "model.head.layers.0.weight"]);
  });

  test("a block's paths are those a name table speaks of", () => {
    expect(paths(new TransformerBlock({ width: 2, heads: 1, innerWidth: 3 }))).toEqual([
      ...["query", "key", "value", "output"].flatMap((part) => [`attention.${part}.weight`, `attention.${part}.bias`]),
      "attentionNorm.weight",
      "attentionNorm.bias",
      "feedForward.expand.weight",
      "feedForward.expand.bias",
      "feedForward.contract.weight",
      "feedForward.contract.bias",
      "feedForwardNorm.weight",
      "feedForwardNorm.bias",
    ]);
  });

  test("its own parts are modules and parameters by field", () => {
    expect(Array.from(sampler.parts(), ([name, part]) => [name, part.constructor.name])).toEqual([
      ["scale", "Parameter"],
      ["layers.0", "Linear"],
      ["layers.1", "Linear"],
      ["nested.0.0", "Parameter"],
      ["nested.1.0", "Linear"],
      ["waves", "SinusoidalEmbedding"],
    ]);
  });

  test("a module without parameters lives on no backend", () => {
    expect(() => new SinusoidalEmbedding(4, 2).backend).toThrow(UnsupportedError);
    expect(() => new Linear(2, 2).backend).toThrow(DisposedError);
  });
});

describe("a module in memory", () => {
  const reference = useBackend(() => openReference());
  const wasm = useBackend(() => openWasm());

  test("fresh numbers are those of the seed, and of the initialisers", async () => {
    const draw = async (seed: number) => {
      using linear = new Linear(20, 30);
      linear.initialize(reference(), new RandomStream(seed));
      expect(linear.backend).toBe(reference());
      return [await linear.weight.read(), await linear.bias!.read()] as const;
    };
    const [weight, bias] = await draw(1);
    expect(await draw(1)).toEqual([weight, bias]);
    expect((await draw(2))[0]).not.toEqual(weight);
    expect(bias).toEqual(new Float32Array(30));
    const deviation = Math.hypot(...weight) / Math.sqrt(weight.length);
    expect(deviation).toBeGreaterThan(0.018);
    expect(deviation).toBeLessThan(0.022);
  });

  test("initialising again writes over, and takes no more memory", async () => {
    using linear = new Linear(2, 2);
    linear.initialize(reference(), new RandomStream(1));
    const { buffers } = reference().memory;
    const first = await linear.weight.read();
    linear.initialize(reference(), new RandomStream(2));
    expect(reference().memory.buffers).toBe(buffers);
    expect(await linear.weight.read()).not.toEqual(first);
  });

  test("disposing gives everything back, borrowed parts stay; twice is once", () => {
    using borrowed = filled(new Linear(1, 1), reference());
    const before = reference().memory.buffers;
    const sampler = filled(new Sampler(borrowed), reference());
    expect(reference().memory.buffers).toBe(before + 7);
    sampler[Symbol.dispose]();
    sampler[Symbol.dispose]();
    expect(reference().memory.buffers).toBe(before);
    expect(sampler.borrowed.weight.placed).toBe(true);
  });

  test("a frozen module gets no gradient, and passes one on", () => {
    using frozen = filled(new Linear(2, 2), reference()).freeze();
    using trained = filled(new Linear(2, 2), reference());
    const all = [...frozen.parameters(), ...trained.parameters()].map(([, parameter]) => parameter);
    using result = lossAndGradients(all, () => {
      const x = Tensor.from(reference(), Float32Array.of(1, 2), [1, 2]);
      return sum(frozen.forward(trained.forward(x)));
    });
    expect([...result.gradients.keys()]).toEqual([trained.weight, trained.bias]);
  });

  test("prepare changes the form of weights, not a number; restore undoes it to the bit", async () => {
    using block = filled(new TransformerBlock({ width: 8, heads: 2, innerWidth: 11 }), wasm());
    const read = () => Promise.all(Array.from(block.parameters(), ([, parameter]) => parameter.read()));
    const before = await read();
    expect(block.prepare()).toBe(block);
    expect(block.prepare().feedForward.expand.weight.prepared).toBe(true);
    expect(block.attentionNorm.weight.prepared).toBe(false);
    expect(await read()).toEqual(before);
    const weights = Array.from(block.parameters(), ([, parameter]) => parameter);
    expect(() => lossAndGradients(weights, () => sum(block.attentionNorm.weight))).toThrow(/restore/);
    block.restore();
    expect(weights.some((weight) => weight.prepared)).toBe(false);
    expect(await read()).toEqual(before);
  });

  test("an embedding is no weight to prepare", () => {
    using embedding = filled(new Embedding(3, 2), wasm());
    expect(embedding.prepare().weight.prepared).toBe(false);
  });
});
