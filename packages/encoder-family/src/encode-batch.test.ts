import type { AttentionForwardOptions, EncoderOutput } from "@bertkit/layers";
import { addScalar, identity, openReference, RandomStream, ShapeError, scale, Tensor, tanh } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { type EncoderParts, encodeBatch } from "./encode-batch.js";

const batch = {
  ids: Int32Array.of(4, 5, 6),
  typeIds: new Int32Array(3),
  positions: Int32Array.of(0, 1, 0),
  offsets: Int32Array.of(0, 2, 3),
};

const disposeOf = ({ hidden, layers, attention, pooled }: EncoderOutput): void => {
  for (const tensor of new Set([hidden, ...layers, ...attention, pooled])) tensor?.dispose();
};

describe("encodeBatch", () => {
  const backend = useBackend(() => openReference());

  /** Ids as they are, then doubled by each of two blocks that are one; each notes what it was asked. */
  function partsOf(asked: AttentionForwardOptions[] = []): EncoderParts {
    const twice = {
      forward(x: Tensor, _offsets: Int32Array, options: AttentionForwardOptions = {}) {
        asked.push(options);
        return { hidden: scale(x, 2), weights: options.kept ? addScalar(x, 1) : undefined };
      },
    };
    return {
      embeddings: { forward: ({ ids }) => Tensor.from(backend(), Float32Array.from(ids), [ids.length, 1]) },
      blocks: [twice, twice],
    };
  }

  const valuesOf = (tensors: readonly Tensor[]) =>
    Promise.all(tensors.map(async (tensor) => Array.from(await tensor.read())));

  test("runs the blocks one after another, a shared one each time that it stands there", async () => {
    const output = encodeBatch(partsOf(), batch);
    expect(await valuesOf([output.hidden])).toEqual([[16, 20, 24]]);
    expect([output.layers, output.attention, output.pooled]).toEqual([[], [], undefined]);
    expect(output.offsets).toBe(batch.offsets);
    disposeOf(output);
  });

  test("keeps what it is asked for and passes on the random stream", async () => {
    const asked: AttentionForwardOptions[] = [];
    const random = new RandomStream(1);
    const output = encodeBatch(partsOf(asked), batch, { random, layers: true, attention: "scores" });
    const [four, eight, sixteen] = [1, 2, 4].map((factor) => [4, 5, 6].map((id) => id * factor));
    expect(await valuesOf(output.layers)).toEqual([four, eight, sixteen]);
    expect(await valuesOf(output.attention)).toEqual([
      [5, 6, 7],
      [9, 11, 13],
    ]);
    expect(asked).toEqual([
      { random, kept: "scores" },
      { random, kept: "scores" },
    ]);
    disposeOf(output);
  });

  test("pools the first token of each sequence, through tanh or what else is said", async () => {
    const pooler: EncoderParts["pooler"] = {
      forward: (first, activation = identity) => activation(scale(first, 0.125)),
    };
    for (const [activation, expected] of [
      [undefined, [Math.tanh(2), Math.tanh(3)]],
      [tanh, [Math.tanh(2), Math.tanh(3)]],
      [identity, [2, 3]],
    ] as const) {
      const options = activation ? { poolerActivation: activation } : {};
      const output = encodeBatch({ ...partsOf(), pooler, ...options }, batch);
      expect(output.pooled!.shape).toEqual([2, 1]);
      expectClose(await output.pooled!.read(), expected, "float32");
      disposeOf(output);
    }
  });

  test("checks the batch before anything is made of it", () => {
    const embeddings = {
      forward(): Tensor {
        throw new Error("embedded");
      },
    };
    const wrong = { ...batch, offsets: Int32Array.of(0, 2) };
    expect(() => encodeBatch({ embeddings, blocks: [] }, wrong)).toThrow(ShapeError);
    expect(() => encodeBatch({ embeddings, blocks: [] }, batch)).toThrow("embedded");
  });

  test("a block that fails leaves nothing behind", () => {
    const before = backend().memory.buffers;
    const failing = {
      forward(): never {
        throw new Error("no memory");
      },
    };
    const { embeddings, blocks } = partsOf();
    expect(() => encodeBatch({ embeddings, blocks: [...blocks, failing] }, batch, { layers: true })).toThrow(
      "no memory",
    );
    expect(backend().memory.buffers).toBe(before);
  });
});
