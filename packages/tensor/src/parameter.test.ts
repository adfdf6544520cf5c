import { describe, expect, test } from "@jest/globals";
import { alteredReference } from "./fixtures/altered-backend.js";
import { thrown } from "./fixtures/thrown.js";
import { scale } from "./ops/arithmetic.js";
import { ones } from "./ops/create.js";
import { linear } from "./ops/linear.js";
import { matmul } from "./ops/matmul.js";
import { quantizedLinear } from "./ops/quantized.js";
import { constant, normal, Parameter, truncatedNormal } from "./parameter.js";
import { RandomStream } from "./random.js";
import { openReference } from "./reference/open-reference.js";
import { useBackend } from "./testing/use-backend.js";
import { tidy } from "./tidy.js";

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe("initialisers", () => {
  const draw = (initializer: (random: RandomStream) => number): number[] => {
    const random = new RandomStream(4);
    return Array.from({ length: 20_000 }, () => initializer(random));
  };

  test("constant", () => {
    expect(new Set(draw(constant(0.25)))).toEqual(new Set([0.25]));
  });

  test("normal has mean 0 and the deviation asked for", () => {
    const { mean, deviation } = moments(draw(normal(0.02)));
    expect(Math.abs(mean)).toBeLessThan((4 * 0.02) / Math.sqrt(20_000));
    expect(deviation / 0.02).toBeCloseTo(1, 1);
  });

  test("truncatedNormal stays within two deviations, which makes its own deviation 0.88 of the one asked for", () => {
    const values = draw(truncatedNormal(0.02));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.04);
    // √(1 − 4φ(2) / (2Φ(2) − 1)) = 0.8796257.
    const { mean, deviation } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.0005);
    expect(Math.abs(deviation / 0.02 - 0.8796)).toBeLessThan(0.015);
  });
});

describe("Parameter", () => {
  const backend = useBackend(() => openReference());
  const buffers = (): number => backend().memory.buffers;

  test("takes no memory until it is placed", async () => {
    using parameter = new Parameter([2], constant(0));
    expect([parameter.placed, buffers()]).toEqual([false, 0]);
    expect(thrown(() => scale(parameter, 2))).toContain("DisposedError: this [2] tensor holds no memory");
    expect(thrown(() => parameter.write(Float32Array.of(1)))).toContain("DisposedError: ");
    expect(thrown(() => new Parameter([1, 1], constant(0), { use: "linear" }).prepare())).toBe(
      "DisposedError: this [1, 1] parameter is not loaded yet",
    );
    parameter.place(backend(), Float32Array.of(1, 2));
    expect([parameter.placed, buffers()]).toEqual([true, 1]);
    expect([...(await parameter.read())]).toEqual([1, 2]);
  });

  test("is filled in pieces, and refuses what would not fit", async () => {
    using parameter = new Parameter([2, 2], constant(0));
    parameter.allocate(backend());
    parameter.write(Float32Array.of(3, 4), 2);
    parameter.write(Float32Array.of(1, 2));
    expect([...(await parameter.read())]).toEqual([1, 2, 3, 4]);
    expect(thrown(() => parameter.write(Float32Array.of(1, 2), 3))).toBe(
      "ShapeError: 2 values from 3 on do not fit a [2, 2] parameter",
    );
    expect(thrown(() => parameter.write(Float32Array.of(1), -1))).toContain("from -1 on");
    expect(thrown(() => parameter.place(backend(), Float32Array.of(1)))).toBe(
      "ShapeError: 1 values do not fill a [2, 2] parameter",
    );
  });

  test("placed again on its backend keeps its memory; on another it moves", async () => {
    using other = alteredReference(() => ({}));
    const parameter = new Parameter([1], constant(0));
    parameter.place(backend(), Float32Array.of(1));
    const { buffer } = parameter;
    parameter.place(backend(), Float32Array.of(2));
    expect(parameter.buffer).toBe(buffer);
    parameter.place(other, Float32Array.of(3));
    expect([buffers(), other.memory.buffers, ...(await parameter.read())]).toEqual([0, 1, 3]);
    parameter.dispose();
    expect(other.memory.buffers).toBe(0);
    expect(parameter.placed).toBe(false);
  });

  test("prepared, serves linear and matmul, reads the same, and comes back", async () => {
    using weight = new Parameter([1, 2], constant(0), { use: "linear" });
    weight.place(backend(), Float32Array.of(3, 4));
    using x = new Parameter([1, 2], constant(0));
    x.place(backend(), Float32Array.of(1, 10));
    weight.prepare();
    weight.prepare();
    expect(weight.prepared).toBe(true);
    using y = tidy(() => linear(x, weight));
    using z = tidy(() => matmul(x, weight, { transposeB: true }));
    expect([...(await y.read()), ...(await z.read()), ...(await weight.read())]).toEqual([43, 43, 3, 4]);
    weight.restore();
    weight.restore();
    expect(weight.prepared).toBe(false);
    expect([...(await weight.read())]).toEqual([3, 4]);
  });

  test("prepared, is refused by what cannot take it", () => {
    using weight = new Parameter([1, 2], constant(0), { use: "linear" });
    weight.place(backend(), Float32Array.of(3, 4));
    weight.prepare();
    expect(thrown(() => scale(weight, 2))).toBe(
      "UnsupportedError: reference backend: a prepared weight is for linear and matmul only: restore() it",
    );
    expect(thrown(() => weight.viewAs([2]))).toBe(
      "UnsupportedError: a prepared [1, 2] parameter cannot be reshaped: restore() it first",
    );
  });

  test("writing undoes prepare, and so does giving the memory back", async () => {
    using weight = new Parameter([1, 2], constant(0), { use: "linear" });
    weight.place(backend(), Float32Array.of(3, 4));
    weight.prepare();
    weight.write(Float32Array.of(5), 1);
    expect([weight.prepared, ...(await weight.read())]).toEqual([false, 3, 5]);
    weight.prepare();
    weight.dispose();
    expect(weight.prepared).toBe(false);
  });

  test("of int8 holds levels only, prepared and back", async () => {
    using weight = new Parameter([1, 2], constant(0), { use: "quantizedLinear", dtype: "int8" });
    weight.place(backend(), Int8Array.of(63, -63));
    expect([weight.dtype, weight.use]).toEqual(["int8", "quantizedLinear"]);
    weight.prepare();
    using y = tidy(() => quantizedLinear(ones(backend(), [2]), weight, ones(backend(), [1])));
    expect([...(await y.read())]).toEqual([0]);
    weight.write(Int8Array.of(5), 1);
    expect([weight.prepared, await weight.read()]).toEqual([false, Int8Array.of(63, 5)]);
    expect(thrown(() => weight.write(Float32Array.of(0.5)))).toBe(
      "ShapeError: a [1, 2] parameter holds int8, got float32 values",
    );
    using bias = new Parameter([1], constant(0));
    expect(thrown(() => bias.place(backend(), Int8Array.of(1)))).toBe(
      "ShapeError: a [1] parameter holds float32, got int8 values",
    );
  });

  test("without a use stays as it is", () => {
    using bias = new Parameter([2], constant(0));
    bias.prepare();
    expect(bias.prepared).toBe(false);
  });

  test("does not change form while a view of it lives", () => {
    using weight = new Parameter([1, 2], constant(0), { use: "linear" });
    weight.place(backend(), Float32Array.of(3, 4));
    const view = weight.viewAs([2]);
    expect(thrown(() => weight.prepare())).toBe(
      "UnsupportedError: a parameter cannot change form while a reshaped view of it lives: dispose of the view",
    );
    view.dispose();
    weight.prepare();
    expect(weight.prepared).toBe(true);
  });

  test("is disposed of by no scope, not even where it is placed inside", () => {
    using parameter = new Parameter([1], constant(0));
    tidy(() => {
      parameter.place(backend(), Float32Array.of(1));
      return undefined;
    });
    expect(parameter.placed).toBe(true);
  });
});
