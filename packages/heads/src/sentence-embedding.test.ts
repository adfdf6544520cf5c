import { openCheckpoint } from "@bertkit/checkpoint";
import { quantize } from "@bertkit/layers";
import {
  type Backend,
  lossAndGradients,
  openReference,
  type Parameter,
  relu,
  ShapeError,
  scale,
  type Tensor,
  tanh,
  tidy,
  unitLength,
} from "@bertkit/tensor";
import { checkGradients, expectClose, placed, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { encoded, normals, rowsOf } from "./fixtures/encoded.js";
import { type DenseOptions, Head, pool, SentenceEmbedding, type SentenceModules } from "./index.js";

const backends = { reference: () => openReference(), wasm: () => openWasm() };
const layer = (inputs: number, outputs: number, options: Partial<DenseOptions> = {}) => ({
  inputs,
  outputs,
  bias: true,
  activation: tanh,
  folder: "2_Dense",
  ...options,
});

function headOf(backend: Backend, modules: Pick<SentenceModules, "poolings" | "stages">): SentenceEmbedding {
  const head = new SentenceEmbedding(modules);
  for (const [, parameter] of head.parameters()) {
    const size = parameter.shape.reduce((product, extent) => product * extent, 1);
    parameter.place(backend, normals(size, size));
  }
  return head;
}

describe.each(Object.entries(backends))("a sentence embedding on the %s backend", (_, open) => {
  const backend = useBackend(open);
  const read = async (body: () => Tensor): Promise<number[]> => {
    using result = tidy(body);
    return [...(await result.read())];
  };

  test("several poolings lie side by side, in their order", async () => {
    using head = headOf(backend(), { poolings: ["mean", "cls", "max"], stages: [] });
    using hidden = rowsOf(backend(), 2, [1, -1, 2, 5, 4, -3, 8, 0, 16, 7, 3, 3, -2, 9, 5, 1]);
    // sentence_transformers 6.2, Pooling(2, ("mean", "cls", "max")).
    expectClose(
      await read(() => head.forward(encoded(hidden, [0, 5, 8]))),
      [6.2, 1.6, 1, -1, 16, 7, 2, 4.333333333333333, 3, 3, 5, 9],
      "float32",
    );
  });

  test("a cut keeps the first numbers, and what comes after works on them alone", async () => {
    using head = headOf(backend(), { poolings: ["cls"], stages: ["normalize", { dimensions: 2 }, "normalize"] });
    using hidden = rowsOf(backend(), 3, [3, 4, 12, 0, 2, 1]);
    expectClose(await read(() => head.forward(encoded(hidden, [0, 1, 2]))), [0.6, 0.8, 0, 1], "float32");
    expect(head.dense).toEqual([]);
  });

  test("a prompt's tokens are left out where asked", async () => {
    using head = headOf(backend(), { poolings: ["mean"], stages: [] });
    using hidden = rowsOf(backend(), 1, [9, 1, 3, 9, 5]);
    const output = encoded(hidden, [0, 3, 5]);
    expect(await read(() => head.vectors(output, { skip: 1 }))).toEqual([2, 5]);
    expect(() => tidy(() => head.vectors(output, { skip: 2 }))).toThrow(ShapeError);
  });

  test("stages follow one another", async () => {
    using head = headOf(backend(), {
      poolings: ["cls"],
      stages: ["normalize", layer(2, 3), layer(3, 1, { bias: false }), "normalize"],
    });
    using hidden = rowsOf(backend(), 2, [3, 4]);
    expect(Array.from(head.parameters(), ([path]) => path)).toEqual([
      "dense.0.linear.weight",
      "dense.0.linear.bias",
      "dense.1.linear.weight",
    ]);
    const [first, second] = head.dense;
    expect([head.poolings, head.stages]).toEqual([["cls"], ["normalize", first, second, "normalize"]]);
    expect([second!.activation, second!.addsInput]).toEqual([tanh, false]);
    const expected = await read(() =>
      unitLength(second!.forward(first!.forward(unitLength(pool("cls", hidden, Int32Array.of(0, 1)))))),
    );
    expect(Math.abs(expected[0]!)).toBeCloseTo(1, 5);
    expect(await read(() => head.forward(encoded(hidden, [0, 1])))).toEqual(expected);
  });

  test("a Dense adds its input, through a map of its own where the widths differ", async () => {
    using same = headOf(backend(), { poolings: ["cls"], stages: [layer(1, 1, { residual: true, activation: relu })] });
    for (const [, parameter] of same.parameters()) parameter.write(Float32Array.of(2));
    using hidden = rowsOf(backend(), 1, [3, -3]);
    expect(await read(() => same.forward(encoded(hidden, [0, 1, 2])))).toEqual([2 * 3 + 2 + 3, 0 - 3]);
    using wider = headOf(backend(), { poolings: ["cls"], stages: [layer(1, 2, { residual: true, activation: relu })] });
    expect(Array.from(wider.parameters(), ([path]) => path).at(-1)).toBe("dense.0.residual.weight");
    for (const [, parameter] of wider.parameters()) parameter.write(Float32Array.of(10, -10));
    expect(await read(() => wider.forward(encoded(hidden, [0, 1, 2])))).toEqual([70, -30, -30, 50]);
  });

  test("in int8 a Dense gives nearly the same", async () => {
    using head = headOf(backend(), { poolings: ["cls"], stages: [layer(8, 5), "normalize"] });
    using hidden = rowsOf(backend(), 8, normals(24, 3));
    const vectors = () => read(() => head.forward(encoded(hidden, [0, 1, 3])));
    const exact = await vectors();
    await quantize(head);
    const quantized = await vectors();
    expect(quantized).not.toEqual(exact);
    expectClose(quantized, exact, 0.03);
  });

  test("a vector of zeros stays zeros when normalised", async () => {
    using head = headOf(backend(), { poolings: ["cls"], stages: ["normalize"] });
    using hidden = rowsOf(backend(), 2, [0, 0, 3, 4]);
    expectClose(await read(() => head.forward(encoded(hidden, [0, 1, 2]))), [0, 0, 0.6, 0.8], "float32");
  });

  test("the loss is the mean squared error of each pair's cosine", async () => {
    using head = headOf(backend(), { poolings: ["mean"], stages: [] });
    using hidden = rowsOf(backend(), 2, [1, 0, 1, 1, 2, 0, -2, 0]);
    const output = encoded(hidden, [0, 1, 2, 3, 4]);
    // Cosines √½ and −1.
    const expected = ((Math.SQRT1_2 - 1) ** 2 + (-1 - 0.5) ** 2) / 2;
    using loss = tidy(() => head.loss(output, Float32Array.of(1, 0.5)));
    expect(loss.shape).toEqual([]);
    expectClose(await loss.read(), [expected], "float32");
  });

  test.each([
    [[0, 1, 2, 3, 4], 1],
    [[0, 1, 2, 3, 4], 4],
    [[0, 1, 2, 4], 1],
    [[0, 1, 2, 4], 2],
  ])("sequences at %p with %i similarities are no pairs", (offsets, labels) => {
    using head = headOf(backend(), { poolings: ["mean"], stages: [] });
    using hidden = rowsOf(backend(), 1, [1, 2, 3, 4]);
    expect(() => tidy(() => head.loss(encoded(hidden, offsets), new Float32Array(labels)))).toThrow(
      `${labels} similarities for ${offsets.length - 1} sequences: give one for every two`,
    );
  });

  test("answers are rows of their own memory", async () => {
    const head: Head<Float32Array, Float32Array> = new SentenceEmbedding({ poolings: ["mean"], stages: [] });
    expect(head).toBeInstanceOf(Head);
    const values = Float64Array.of(1, 2, 3, 4, 5, 6);
    const answers = head.answer(values, [2, 3]);
    expect(answers).toEqual([Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]);
    answers[0]![0] = 9;
    expect(values[0]).toBe(1);
    expect(head.answer(new Float32Array(0), [0, 3])).toEqual([]);
  });
});

describe("the gradient of the loss", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());
  const offsets = [0, 1, 4, 6, 9];
  const cases: readonly Pick<SentenceModules, "poolings" | "stages">[] = [
    ...(["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"] as const).map((mode) => ({
      poolings: [mode],
      stages: [],
    })),
    {
      poolings: ["mean", "max"],
      stages: [layer(8, 3), "normalize", layer(3, 5, { residual: true }), layer(5, 5, { residual: true })],
    },
  ];

  function open(backend: Backend, modules: (typeof cases)[number]) {
    const head = headOf(backend, modules);
    const hidden = placed(backend, normals(36), [9, 4]);
    const parameters = new Map<string, Parameter>([...head.parameters(), ["hidden", hidden]]);
    // The tolerances are absolute below 1: a larger loss makes them stricter for small gradients.
    const loss = () => scale(head.loss(encoded(hidden, offsets), Float32Array.of(0.9, -0.2)), 10);
    const dispose = () => {
      for (const parameter of parameters.values()) parameter.dispose();
    };
    return { parameters, loss, dispose };
  }

  test.each(cases)(
    "$poolings: equals finite differences, and the wasm backend's equals the reference's",
    async (modules) => {
      const expected = open(reference(), modules);
      const actual = open(wasm(), modules);
      await checkGradients(expected.parameters, expected.loss);
      using theirs = lossAndGradients(expected.parameters.values(), expected.loss);
      using ours = lossAndGradients(actual.parameters.values(), actual.loss);
      for (const [path, parameter] of expected.parameters) {
        const values = await ours.gradients.get(actual.parameters.get(path)!)!.read();
        expectClose(values, await theirs.gradients.get(parameter)!.read(), "float32", path);
      }
      expected.dispose();
      actual.dispose();
    },
  );
});

describeWithData("goldens/pooling/cls_dense_normalize", "a Dense of sentence-transformers", () => {
  const backend = useBackend(() => openReference());

  test("loads under its own names", async () => {
    await using source = await openCheckpoint(dataPath("goldens/pooling/cls_dense_normalize/2_Dense"));
    using head = new SentenceEmbedding({ poolings: ["cls"], stages: [layer(48, 16), "normalize"] });
    expect(await head.dense[0]!.load(source, backend())).toEqual({ unused: [] });
    expect(await head.dense[0]!.linear.bias!.read()).toEqual(await source.read("linear.bias"));
  });
});
