import {
  type AttentionLayout,
  attention,
  gatherRows,
  gelu,
  layerNorm,
  linear,
  logSoftmax,
  matmul,
  openReference,
  permute,
  quantizedLinear,
  quantizeRows,
  RandomStream,
  type Shape,
  scatterAddRows,
  sizeOf,
  softmax,
  sumTo,
  Tensor,
  tidy,
  type Values,
} from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { requestDevice } from "../device/request-device.js";
import { openGpu } from "../index.js";

const probe = await requestDevice(true);
probe?.destroy();

/** Extents on both sides of a tile's, and past it: what the conformance tests' small shapes do not reach. */
(probe ? describe : describe.skip)("kernels over many tiles compute like the reference", () => {
  const backend = useBackend(() => openGpu({ allowSoftware: true }));
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const same = async (shapes: readonly Shape[], run: (...inputs: Tensor[]) => Tensor, tolerance = 1e-5) => {
    const values = shapes.map((shape, i) => draw(i + 1, sizeOf(shape)));
    const on = async (where: typeof backend): Promise<Values> => {
      using out = tidy(() => run(...values.map((array, i) => Tensor.from(where(), array, shapes[i]!))));
      return out.read();
    };
    expectClose(await on(backend), await on(reference), tolerance);
  };

  for (const [rows, inner, columns] of [
    [16, 16, 64],
    [17, 15, 65],
    [33, 17, 63],
    [64, 64, 64],
    [65, 1, 129],
    [130, 33, 1],
    [1, 130, 70],
  ] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        test(`matmul ${rows} × ${inner} × ${columns}, ${transposeA ? "aᵀ" : "a"} · ${transposeB ? "bᵀ" : "b"}`, () =>
          same([transposeA ? [inner, rows] : [rows, inner], transposeB ? [columns, inner] : [inner, columns]], (a, b) =>
            matmul(a, b, { transposeA, transposeB }),
          ));
      }
    }
    test(`linear ${rows} × ${inner} × ${columns} with bias and gelu`, () =>
      same([[rows, inner], [columns, inner], [columns]], (x, w, b) => linear(x, w, b, gelu)));
  }

  test("matmul of broadcast blocks", async () => {
    await same(
      [
        [2, 1, 3, 40, 20],
        [3, 20, 40],
      ],
      (a, b) => matmul(a, b),
    );
    await same(
      [
        [20, 40],
        [2, 3, 40, 5],
      ],
      (a, b) => matmul(a, b),
    );
    await same(
      [
        [2, 3, 5, 40],
        [2, 1, 40, 70],
      ],
      (a, b) => matmul(a, b),
    );
  });

  test("matmul of nothing is zeros", async () => {
    await same(
      [
        [3, 0],
        [0, 5],
      ],
      (a, b) => matmul(a, b),
    );
    await same(
      [
        [0, 3],
        [3, 5],
      ],
      (a, b) => matmul(a, b),
    );
  });

  for (const width of [1, 6, 32, 64, 128, 130]) {
    test(`attention of heads ${width} wide, over texts of any length`, async () => {
      const queryOffsets = Int32Array.of(0, 3, 3, 80, 81, 113);
      const keyOffsets = Int32Array.of(0, 70, 72, 149, 149, 250);
      for (const causal of [false, true]) {
        const layout: AttentionLayout = { heads: 2, queryOffsets, keyOffsets, causal };
        await same(
          [
            [113, 2, width],
            [250, 2, width],
            [250, 2, width],
          ],
          (q, k, v) => attention(q, k, v, layout),
        );
      }
    });
  }

  test("long rows", async () => {
    for (const width of [63, 64, 65, 1000]) {
      await same([[3, width]], softmax);
      await same([[3, width]], logSoftmax);
      await same([[3, width], [width], [width]], (x, w, b) => layerNorm(x, w, b, { epsilon: 1e-12 }));
    }
  });

  test("sums of many", async () => {
    await same([[100_000]], (x) => sumTo(x, []));
    await same([[5000, 3]], (x) => sumTo(x, [3]));
    await same([[7, 130, 5, 66]], (x) => sumTo(x, [7, 1, 5, 1]));
    await same([[0, 5]], (x) => sumTo(x, [5]));
    await same([[3, 0]], (x) => sumTo(x, []));
  });

  test("permutations of many axes", () => same([[3, 5, 1, 7, 4]], (x) => permute(x, [3, 0, 4, 2, 1])));

  test("rows that many ids name are added in order, and those that none names stay", async () => {
    const random = new RandomStream(9);
    const ids = Int32Array.from({ length: 300 }, () => Math.floor(random.uniform() ** 2 * 40));
    const add = (rows: Tensor) => scatterAddRows(rows, Tensor.from(rows.backend, ids), 50);
    await same([[300, 70]], add);
    await same([[50, 70]], (table) => gatherRows(table, Tensor.from(table.backend, ids)));
  });

  test("int8 linear of many rows", () => {
    const { levels, scales } = quantizeRows(draw(3, 70 * 50), 50, "quantizedLinear");
    return same([[200, 50]], (x) => {
      const weight = Tensor.from(x.backend, levels, [70, 50]);
      return quantizedLinear(x, weight, Tensor.from(x.backend, scales));
    });
  });

  test("a row has the same product to the bit alone, among few and among many", async () => {
    const product = async (rows: number): Promise<Values> => {
      using out = tidy(() => {
        const x = Tensor.from(backend(), draw(1, 100 * 70).subarray(0, 70 * rows), [rows, 70]);
        const weight = Tensor.from(backend(), draw(2, 90 * 70), [90, 70]);
        return linear(x, weight, Tensor.from(backend(), draw(3, 90)), gelu);
      });
      return out.read();
    };
    const many = await product(100);
    for (const rows of [1, 16, 33]) expect(await product(rows)).toEqual(many.slice(0, 90 * rows));
  });

  test("a result is the same to the bit in every run", async () => {
    const run = async () => {
      using out = tidy(() => {
        const x = Tensor.from(backend(), draw(1, 200 * 96), [200, 96]);
        const heads = x.viewAs([200, 3, 32]);
        const offsets = Int32Array.of(0, 150, 200);
        const layout = { heads: 3, queryOffsets: offsets, keyOffsets: offsets, causal: false };
        return sumTo(attention(heads, heads, heads, layout), [3, 32]);
      });
      return out.read();
    };
    expect(await run()).toEqual(await run());
  });
});

function draw(seed: number, size: number): Float32Array {
  const random = new RandomStream(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}
