import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { divide } from "../ops/arithmetic.js";
import { Tensor } from "../tensor.js";
import { describeBackend } from "../testing/describe-backend.js";
import { useBackend } from "../testing/use-backend.js";
import { openReference } from "./open-reference.js";

await describeBackend("reference", () => openReference());

describe("the reference backend", () => {
  const single = useBackend(() => openReference());
  const double = useBackend(() => openReference({ precision: "float64" }));

  test("rounds to float32, unless asked for double precision", async () => {
    const third = async (backend: () => ReturnType<typeof single>): Promise<number> =>
      (await valuesOf(() => divide(tensorOf(backend(), 1), tensorOf(backend(), 3)))).values[0]!;
    expect([await third(single), await third(double)]).toEqual([Math.fround(1 / 3), 1 / 3]);
    expect([single().name, double().name]).toEqual(["reference", "reference (float64)"]);
  });

  test("fills new memory with NaN, so that what nothing wrote shows", async () => {
    using tensor = Tensor.empty(single(), [2]);
    expect([...(await tensor.read())]).toEqual([NaN, NaN]);
  });

  test("counts bytes by what an element takes", () => {
    using _ = Tensor.empty(single(), [3]);
    using __ = Tensor.empty(single(), [3], "int32");
    using ___ = Tensor.empty(double(), [3]);
    using ____ = Tensor.empty(single(), [3], "int8");
    expect([single().memory, double().memory]).toEqual([
      { buffers: 3, bytes: 27 },
      { buffers: 1, bytes: 24 },
    ]);
  });

  test("more memory than there is, is an error that says so", () => {
    expect(thrown(() => Tensor.empty(single(), [2 ** 26, 2 ** 26]))).toBe(
      "UnsupportedError: reference backend: no memory for 4503599627370496 numbers: a smaller batch needs less",
    );
  });

  test("a buffer that was released is refused, by kernels and by a second release", () => {
    const buffer = single().allocate(1, "float32");
    single().release(buffer);
    const message = "DisposedError: reference backend: this buffer was released, or is another backend's";
    expect(thrown(() => single().kernels.fill(0, { buffer, shape: [1], dtype: "float32" }))).toBe(message);
    expect(thrown(() => single().release(buffer))).toBe(message);
  });
});
