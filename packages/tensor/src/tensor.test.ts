import { describe, expect, test } from "@jest/globals";
import { thrown } from "./fixtures/thrown.js";
import { openReference } from "./reference/open-reference.js";
import { Tensor } from "./tensor.js";
import { useBackend } from "./testing/use-backend.js";

describe("Tensor", () => {
  const backend = useBackend(() => openReference());
  const buffers = (): number => backend().memory.buffers;

  test("holds the numbers it was made from, under its shape", async () => {
    using tensor = Tensor.from(backend(), Float32Array.of(1, 2, 3, 4), [2, 2]);
    expect([tensor.shape, tensor.dtype, tensor.backend]).toEqual([[2, 2], "float32", backend()]);
    expect([...(await tensor.read())]).toEqual([1, 2, 3, 4]);
    using line = Tensor.from(backend(), Float32Array.of(1, 2));
    expect(line.shape).toEqual([2]);
  });

  test("integers stay integers, doubles become floats", async () => {
    using integers = Tensor.from(backend(), Int32Array.of(2 ** 30 + 1));
    expect([integers.dtype, ...(await integers.read())]).toEqual(["int32", 2 ** 30 + 1]);
    using levels = Tensor.from(backend(), Int8Array.of(-127));
    expect([levels.dtype, await levels.read()]).toEqual(["int8", Int8Array.of(-127)]);
    using doubles = Tensor.from(backend(), Float64Array.of(0.1));
    expect([doubles.dtype, ...(await doubles.read())]).toEqual(["float32", Math.fround(0.1)]);
  });

  test("a scalar holds one number, an empty tensor none", async () => {
    using scalar = Tensor.from(backend(), Float32Array.of(5), []);
    using empty = Tensor.from(backend(), new Float32Array(0), [3, 0]);
    expect([scalar.shape, [...(await scalar.read())]]).toEqual([[], [5]]);
    expect([empty.shape, [...(await empty.read())]]).toEqual([[3, 0], []]);
  });

  test("values that do not fill the shape are refused, and nothing is taken", () => {
    expect(thrown(() => Tensor.from(backend(), Float32Array.of(1, 2, 3), [2, 2]))).toBe(
      "ShapeError: Tensor.from: 3 values do not fill [2, 2]",
    );
    expect(thrown(() => Tensor.from(backend(), Float32Array.of(1, 2), [-1, -2]))).toBe(
      "ShapeError: extents must be whole numbers from 0 on, got [-1, -2]",
    );
    expect(buffers()).toBe(0);
  });

  test("views share one buffer, given back with the last of them", () => {
    const tensor = Tensor.from(backend(), Float32Array.of(1, 2));
    const view = tensor.viewAs([2, 1]);
    const other = view.viewAs([1, 2]);
    expect(buffers()).toBe(1);
    tensor.dispose();
    other.dispose();
    expect(buffers()).toBe(1);
    view.dispose();
    expect(buffers()).toBe(0);
  });

  test("disposing twice is harmless; using what was disposed of is an error", () => {
    const tensor = Tensor.from(backend(), Float32Array.of(1, 2));
    tensor.dispose();
    tensor.dispose();
    const message =
      "DisposedError: this [2] tensor holds no memory: it was disposed of, or is a parameter not yet loaded";
    expect(thrown(() => tensor.read())).toBe(message);
    expect(thrown(() => tensor.buffer)).toBe(message);
    expect(thrown(() => tensor.backend)).toBe(message);
    expect(thrown(() => tensor.viewAs([2]))).toBe(message);
  });
});
