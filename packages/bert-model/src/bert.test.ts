import { type EncoderOutput, sinusoids } from "@bertkit/layers";
import {
  type Backend,
  lossAndGradients,
  openReference,
  RandomStream,
  ShapeError,
  sum,
  type Tensor,
  tidy,
  UnsupportedError,
} from "@bertkit/tensor";
import { expectClose, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { Bert } from "./bert.js";
import { batchOf, tinyBert, tinyConfig } from "./fixtures/tiny-bert.js";

const lengths = [3, 1, 5];
const [tokens, weights] = [9, 3 * (9 + 1 + 25)];

const tensorsOf = ({ hidden, layers, attention, pooled }: EncoderOutput): Set<Tensor> =>
  new Set([hidden, ...layers, ...attention, ...(pooled ? [pooled] : [])]);

const disposeOf = (output: EncoderOutput): void => {
  for (const tensor of tensorsOf(output)) tensor.dispose();
};

/** The most buffers alive at once during `body`, beyond those before it. */
function mostBuffers(backend: Backend, body: () => void): number {
  const { allocate } = backend;
  const before = backend.memory.buffers;
  let most = before;
  backend.allocate = (size, dtype) => {
    const buffer = allocate(size, dtype);
    most = Math.max(most, backend.memory.buffers);
    return buffer;
  };
  try {
    body();
  } finally {
    backend.allocate = allocate;
  }
  return most - before;
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "a BERT on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("gives hidden states and a pooled vector, and what it is asked to keep", () => {
      using bert = tinyBert(backend());
      const shapes = (output: EncoderOutput) => {
        const { hidden, layers, attention, pooled, offsets } = output;
        disposeOf(output);
        expect([...offsets]).toEqual([0, 3, 4, 9]);
        return [hidden, ...layers, ...attention, ...(pooled ? [pooled] : [])].map(({ shape }) => shape);
      };
      const [rows, pooled] = [
        [tokens, 12],
        [3, 12],
      ];
      expect(shapes(bert.forward(batchOf(lengths)))).toEqual([rows, pooled]);
      expect(shapes(bert.forward(batchOf(lengths), { layers: true }))).toEqual([rows, rows, rows, rows, pooled]);
      for (const attention of ["scores", "probabilities"] as const) {
        expect(shapes(bert.forward(batchOf(lengths), { attention }))).toEqual([rows, [weights], [weights], pooled]);
      }
    });

    test("the last layer kept is the hidden state, and keeping changes no number", async () => {
      using bert = tinyBert(backend());
      const plain = bert.forward(batchOf(lengths));
      const kept = bert.forward(batchOf(lengths), { layers: true, attention: "probabilities" });
      expect(kept.layers.at(-1)).toBe(kept.hidden);
      expectClose(await kept.hidden.read(), await plain.hidden.read(), "float32");
      expectClose(await kept.pooled!.read(), await plain.pooled!.read(), "float32");
      disposeOf(plain);
      disposeOf(kept);
    });

    test("inference leaves nothing but what it returns", () => {
      using bert = tinyBert(backend());
      for (const options of [{}, { layers: true }, { attention: "scores" as const }, { random: new RandomStream(1) }]) {
        const before = backend().memory.buffers;
        const output = bert.forward(batchOf(lengths), options);
        expect(backend().memory.buffers).toBe(before + tensorsOf(output).size);
        disposeOf(output);
      }
    });

    test("a deeper BERT holds no more at once", () => {
      const [two, nine] = [2, 9].map((layers) => {
        using bert = tinyBert(backend(), { layers });
        return mostBuffers(backend(), () => disposeOf(bert.forward(batchOf(lengths))));
      });
      expect(nine).toBe(two);
    });

    test("a frozen BERT inside a recording holds no more either, and keeps its fused kernels", () => {
      const [two, nine] = [2, 9].map((layers) => {
        using bert = tinyBert(backend(), { layers }).freeze();
        using other = tinyBert(backend(), { layers: 0 });
        return mostBuffers(backend(), () => {
          const parameters = Array.from([...bert.parameters(), ...other.parameters()], ([, parameter]) => parameter);
          using result = lossAndGradients(parameters, () => {
            const teacher = bert.forward(batchOf(lengths));
            return sum(other.blocks.length === 0 ? other.forward(batchOf(lengths)).hidden : teacher.hidden);
          });
          expect(result.gradients.size).toBe(5);
        });
      });
      expect(nine).toBe(two);
    });

    test("wherever memory runs out, nothing stays behind", () => {
      using bert = tinyBert(backend());
      const { allocate } = backend();
      const before = backend().memory;
      let failed = 0;
      for (let allowed = 0; ; allowed++) {
        let left = allowed;
        backend().allocate = (size, dtype) => {
          if (left-- === 0) throw new UnsupportedError("no memory");
          return allocate(size, dtype);
        };
        try {
          disposeOf(bert.forward(batchOf(lengths), { layers: true, attention: "probabilities" }));
          break;
        } catch (error) {
          expect(error).toEqual(new UnsupportedError("no memory"));
          failed++;
        } finally {
          backend().allocate = allocate;
        }
        expect(backend().memory).toEqual(before);
      }
      expect(failed).toBeGreaterThan(20);
    });

    test("while a gradient is recorded, what it needs stays: keeping no layers gives the same gradients", async () => {
      using bert = tinyBert(backend());
      const parameters = Array.from(bert.parameters(), ([, parameter]) => parameter);
      const gradients = async (layers: boolean) => {
        using result = lossAndGradients(parameters, () =>
          weightedSum(bert.forward(batchOf(lengths), { layers }).hidden),
        );
        return Promise.all(parameters.map((parameter) => result.gradients.get(parameter)?.read()));
      };
      const [without, kept] = [await gradients(false), await gradients(true)];
      expect(without).toEqual(kept);
      // All but the pooler's.
      expect(without.filter((values) => values !== undefined)).toHaveLength(parameters.length - 2);
    });

    test("dropout is the stream's", async () => {
      using bert = tinyBert(backend(), { hiddenDropout: 0.4, attentionDropout: 0.4 });
      const run = async (random?: RandomStream) => {
        using hidden = tidy(() => bert.forward(batchOf(lengths), { random }).hidden);
        return hidden.read();
      };
      expect(await run(new RandomStream(1))).toEqual(await run(new RandomStream(1)));
      expect(await run(new RandomStream(1))).not.toEqual(await run(new RandomStream(2)));
      expect(await run()).toEqual(await run());
    });

    test("sinusoidal positions are a learned table of the same waves, without a parameter", async () => {
      using waves = tinyBert(backend(), { positions: "sinusoidal" });
      using learned = tinyBert(backend());
      const paths = new Map(learned.parameters());
      for (const [path, parameter] of waves.parameters()) {
        paths.get(path)!.write(await parameter.read());
        paths.delete(path);
      }
      expect([...paths.keys()]).toEqual(["embeddings.position.weight"]);
      paths.get("embeddings.position.weight")!.write(sinusoids(tinyConfig.maxPositions, tinyConfig.width));
      using actual = tidy(() => waves.forward(batchOf(lengths)).hidden);
      using expected = tidy(() => learned.forward(batchOf(lengths)).hidden);
      expect(await actual.read()).toEqual(await expected.read());
    });

    test("causal: a token sees only those before it", async () => {
      using bert = tinyBert(backend(), { causal: true });
      const whole = batchOf([6]);
      const start = { ...batchOf([4]), ids: whole.ids.slice(0, 4), typeIds: whole.typeIds.slice(0, 4) };
      using all = tidy(() => bert.forward(whole).hidden);
      using some = tidy(() => bert.forward(start).hidden);
      expectClose((await all.read()).slice(0, 4 * 12), await some.read(), "float32");
    });

    test("without a pooler there is no pooled vector, without blocks the embeddings are all", async () => {
      using bert = tinyBert(backend(), { pooler: false, layers: 0 });
      const output = bert.forward(batchOf(lengths), { layers: true, attention: "scores" });
      expect(output.pooled).toBeUndefined();
      expect(output.layers).toEqual([output.hidden]);
      expect(output.attention).toEqual([]);
      disposeOf(output);
    });

    test("no sequences give no rows", () => {
      using bert = tinyBert(backend());
      const output = bert.forward(batchOf([]));
      expect([output.hidden.shape, output.pooled!.shape]).toEqual([
        [0, 12],
        [0, 12],
      ]);
      disposeOf(output);
    });
  },
);

describe("a batch that does not fit is refused, and nothing is left of it", () => {
  const backend = useBackend(() => openReference());
  const batch = batchOf([2, 3]);
  const rising = "a packed batch needs offsets that rise from 0 to its 5 tokens, no sequence empty, got";

  test.each([
    ["no offsets", { offsets: Int32Array.of() }, `${rising} []`],
    ["offsets that begin elsewhere", { offsets: Int32Array.of(1, 5) }, `${rising} [1, 5]`],
    ["offsets that end too early", { offsets: Int32Array.of(0, 4) }, `${rising} [0, 4]`],
    ["offsets that go down", { offsets: Int32Array.of(0, 3, 2, 5) }, `${rising} [0, 3, 2, 5]`],
    ["an empty sequence", { offsets: Int32Array.of(0, 2, 2, 5) }, `${rising} [0, 2, 2, 5]`],
    ["too few types", { typeIds: Int32Array.of(0) }, "a packed batch of 5 ids has 1 type ids and 5 positions"],
    ["too many positions", { positions: new Int32Array(6) }, "a packed batch of 5 ids has 5 type ids and 6 positions"],
    [
      "an id beyond the vocabulary",
      { ids: Int32Array.of(0, 1, 30, 2, 3) },
      "Embedding: id 30 at 2 is not one of 30 rows (0 … 29)",
    ],
    ["a negative id", { ids: Int32Array.of(0, 1, 2, 3, -1) }, "Embedding: id -1 at 4 is not one of 30 rows (0 … 29)"],
    [
      "a type that is none",
      { typeIds: Int32Array.of(0, 2, 0, 0, 0) },
      "Embedding: id 2 at 1 is not one of 2 rows (0 … 1)",
    ],
    [
      "a position beyond the last",
      { positions: Int32Array.of(0, 48, 0, 0, 0) },
      "Embedding: id 48 at 1 is not one of 48 rows (0 … 47)",
    ],
  ])("%s", (_, wrong, message) => {
    using bert = tinyBert(backend());
    const before = backend().memory.buffers;
    expect(() => bert.forward({ ...batch, ...wrong })).toThrow(new ShapeError(message));
    expect(backend().memory.buffers).toBe(before);
  });

  test("a sequence longer than the model takes", () => {
    using bert = tinyBert(backend());
    expect(() => bert.forward(batchOf([2, 49]))).toThrow(
      new ShapeError("sequence 1 has 49 tokens, this model takes 48: truncate it when tokenising"),
    );
  });

  test("many offsets are cut short in the message", () => {
    using bert = tinyBert(backend());
    expect(() => bert.forward({ ...batch, offsets: new Int32Array(99) })).toThrow("[0, 0, 0, 0, 0, 0, 0, 0, …]");
  });
});

test("a configuration that names no activation is refused", () => {
  expect(() => new Bert({ ...tinyConfig, activation: "constructor" })).toThrow(UnsupportedError);
});
