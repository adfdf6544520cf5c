import { DisposedError, Parameter, Tensor, UnsupportedError } from "@bertkit/tensor";
import { describeBackend, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { requestDevice } from "./device/request-device.js";
import { leavingOut } from "./fixtures/left-out.js";
import { openGpu } from "./index.js";

const open = () => openGpu({ allowSoftware: true });

// Here a custom kernel is an error that names it, as a test below shows.
await leavingOut(["a custom kernel"], () => describeBackend("gpu", open));

const device = await requestDevice(true);
const isSoftwareOnly = (await openGpu()) === undefined;

(device ? describe : describe.skip)("openGpu", () => {
  const backend = useBackend(open);

  test("a custom kernel is an error that names it", () => {
    const definition = { name: "cube", compute: () => 0, constants: {} };
    expect(() => backend().custom(definition)).toThrow(/custom kernel cube/);
  });

  (isSoftwareOnly ? test : test.skip)("a software adapter is no GPU unless asked for", async () => {
    expect(await openGpu()).toBeUndefined();
    expect(backend().name).toMatch(/^gpu \(.+\)$/);
  });

  test("a buffer is given back once", () => {
    const buffer = backend().allocate(3, "float32");
    backend().release(buffer);
    expect(() => backend().release(buffer)).toThrow(DisposedError);
    expect(() => backend().write(buffer, Float32Array.of(1))).toThrow(DisposedError);
  });

  test("another backend's buffer is refused, and a write past the end", async () => {
    using other = (await open())!;
    using theirs = Tensor.from(other, Float32Array.of(1));
    using ours = Tensor.from(backend(), Float32Array.of(1));
    expect(() => backend().kernels.unary("exp", theirs, ours)).toThrow(UnsupportedError);
    expect(() => backend().write(ours.buffer, Float32Array.of(1, 2))).toThrow(RangeError);
  });

  test("integers where a kernel takes floats are refused", () => {
    using integers = Tensor.from(backend(), Int32Array.of(1));
    using floats = Tensor.from(backend(), Float32Array.of(1));
    expect(() => backend().kernels.unary("exp", integers, floats)).toThrow(/takes float32 here, got int32/);
  });

  test("an int8 weight takes the dense block's place, and comes back to the bit", async () => {
    const levels = Int8Array.from({ length: 37 * 13 }, (_, i) => (i % 127) - 63);
    using weight = new Parameter([37, 13], () => 0, { use: "quantizedLinear", dtype: "int8" });
    weight.place(backend(), levels);
    const before = backend().memory;
    weight.prepare();
    expect(backend().memory).toEqual(before);
    expect(await weight.read()).toEqual(levels);
    weight.restore();
    expect(await weight.read()).toEqual(levels);
  });

  test("only linear, quantizedLinear and matmul take a prepared weight", () => {
    using weight = new Parameter([4, 4], () => 0, { use: "linear" });
    weight.place(backend(), new Float32Array(16));
    using dense = Tensor.empty(backend(), [4, 4]);
    expect(() => backend().restore(dense.buffer)).toThrow(UnsupportedError);
    weight.prepare();
    expect(() => backend().kernels.unary("exp", weight, dense)).toThrow(/restore\(\) it first/);
    expect(() => backend().write(weight.buffer, Float32Array.of(1))).toThrow(/restore\(\) it first/);
  });

  test("too large a tensor says what one buffer holds", () => {
    const most = Math.min(device!.limits.maxBufferSize, device!.limits.maxStorageBufferBindingSize);
    expect(() => backend().allocate(most / 4 + 1, "float32")).toThrow(`this device's buffers hold ${most}`);
  });

  test("what was written before a kernel is what the kernel reads, whenever memory changes hands", async () => {
    const read: number[] = [];
    for (const size of [5, 40_000]) {
      using out = Tensor.empty(backend(), [size]);
      for (const value of [1, 2, 3]) {
        using x = Tensor.from(backend(), new Float32Array(size).fill(value));
        backend().kernels.unary("negate", x, out);
        backend().write(x.buffer, new Float32Array(size).fill(9));
      }
      read.push(...(await out.read()).slice(-2));
    }
    expect(read).toEqual([-3, -3, -3, -3]);
  });

  test("int8 is written at any place, also while the buffer is in use", async () => {
    for (const size of [11, 100_003]) {
      using x = Tensor.from(backend(), new Int8Array(size).fill(1));
      backend().write(x.buffer, new Int8Array(size - 4).fill(-2), 3);
      backend().write(x.buffer, Int8Array.of(7, 8), 1);
      const expected = new Int8Array(size).fill(-2);
      expected.set([1, 7, 8]);
      expected[size - 1] = 1;
      expect(await x.read()).toEqual(expected);
    }
  });
});
