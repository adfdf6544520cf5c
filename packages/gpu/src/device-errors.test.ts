import { DisposedError, Tensor, UnsupportedError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { requestDevice } from "./device/request-device.js";
import { openGpu } from "./index.js";

const probe = await requestDevice(true);
probe?.destroy();

(probe ? describe : describe.skip)("what goes wrong on a device", () => {
  test("a lost device is an error with its cause, at once and at every later call", async () => {
    const device = (await requestDevice(true))!;
    const backend = (await openGpu({ device }))!;
    const x = Tensor.from(backend, Float32Array.of(1));
    device.destroy();
    await device.lost;
    await expect(x.read()).rejects.toThrow(/the device was lost.*open a new backend/);
    expect(() => backend.allocate(1, "float32")).toThrow(UnsupportedError);
    expect(() => backend.kernels.unary("exp", x, x)).toThrow(UnsupportedError);
    x.dispose();
    expect(backend.memory).toEqual({ buffers: 0, bytes: 0 });
    backend[Symbol.dispose]();
    using again = (await openGpu({ allowSoftware: true }))!;
    using y = Tensor.from(again, Float32Array.of(2));
    expect([...(await y.read())]).toEqual([2]);
  });

  test("a device lost during a read is an error too", async () => {
    const device = (await requestDevice(true))!;
    const backend = (await openGpu({ device }))!;
    const reading = Tensor.from(backend, Float32Array.of(1)).read();
    device.destroy();
    await expect(reading).rejects.toThrow(/the device was lost/);
    backend[Symbol.dispose]();
  });

  test("a call that the device refuses is told at the next read", async () => {
    const device = (await requestDevice(true))!;
    using backend = (await openGpu({ device }))!;
    using x = Tensor.from(backend, Float32Array.of(1));
    device.createShaderModule({ code: "fn unfinished( {" });
    const error: unknown = await x.read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ message: expect.stringMatching(/refused a call.*WGSL/s), cause: expect.anything() });
    expect(() => backend.allocate(1, "float32")).toThrow(UnsupportedError);
    device.destroy();
  });

  test("closing gives everything back and ends its use, and leaves a shared device open", async () => {
    const device = (await requestDevice(true))!;
    const backend = (await openGpu({ device }))!;
    const buffer = backend.allocate(4, "float32");
    backend[Symbol.dispose]();
    expect(backend.memory).toEqual({ buffers: 0, bytes: 0 });
    expect(() => backend.allocate(1, "float32")).toThrow(DisposedError);
    await expect(backend.read(buffer)).rejects.toThrow(DisposedError);
    using second = (await openGpu({ device }))!;
    using x = Tensor.from(second, Float32Array.of(3));
    expect([...(await x.read())]).toEqual([3]);
    device.destroy();
  });

  test("opening and closing 200 times leaks nothing", async () => {
    const cycle = async () => {
      using backend = (await openGpu({ allowSoftware: true }))!;
      using x = Tensor.from(backend, new Float32Array(2 ** 18).fill(2));
      using y = Tensor.empty(backend, [2 ** 18]);
      backend.kernels.unary("negate", x, y);
      expect((await y.read()).at(-1)).toBe(-2);
    };
    for (let i = 0; i < 20; i++) await cycle();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 200; i++) await cycle();
    // A leak of the tensors alone would be 400 MiB.
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 2 ** 20);
  });
});
