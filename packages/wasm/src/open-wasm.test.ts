import { DisposedError, Parameter, Tensor, UnsupportedError } from "@bertkit/tensor";
import { describeBackend, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openWasm } from "./index.js";

await describeBackend("wasm", () => openWasm());
await describeBackend("wasm without fused multiply-add", () => openWasm({ fusedMultiplyAdd: false }));
await describeBackend("wasm without products of bytes", () => openWasm({ byteLevels: false, threads: 1 }));

describe("openWasm", () => {
  const backend = useBackend(() => openWasm());

  test("gives undefined where the engine has no WebAssembly", async () => {
    const { WebAssembly: engine } = globalThis;
    Reflect.deleteProperty(globalThis, "WebAssembly");
    try {
      expect(await openWasm()).toBeUndefined();
    } finally {
      globalThis.WebAssembly = engine;
    }
  });

  test("gives undefined where the engine has no SIMD", async () => {
    const { validate } = WebAssembly;
    WebAssembly.validate = () => false;
    try {
      expect(await openWasm()).toBeUndefined();
    } finally {
      WebAssembly.validate = validate;
    }
  });

  test("a policy that forbids to compile is an error that says what to allow", async () => {
    const { compile } = WebAssembly;
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("refused by the policy"));
    try {
      await expect(openWasm({ threads: 1 })).rejects.toMatchObject({
        code: "UNSUPPORTED",
        message: expect.stringMatching(/refused by the policy.*'wasm-unsafe-eval'/),
      });
    } finally {
      WebAssembly.compile = compile;
    }
  });

  test("a buffer is given back once", () => {
    const buffer = backend().allocate(3, "float32");
    backend().release(buffer);
    expect(() => backend().release(buffer)).toThrow(DisposedError);
    expect(() => backend().write(buffer, Float32Array.of(1))).toThrow(DisposedError);
  });

  test("another backend's buffer is refused", async () => {
    using other = (await openWasm())!;
    using theirs = Tensor.from(other, Float32Array.of(1));
    using ours = Tensor.from(backend(), Float32Array.of(1));
    expect(() => backend().kernels.unary("exp", theirs, ours)).toThrow(UnsupportedError);
    expect(() => backend().release(theirs.buffer)).toThrow(UnsupportedError);
  });

  test("a prepared weight takes the dense block's place, and comes back to the bit", async () => {
    using own = (await openWasm({ tile: { rows: 6, columns: 8, depth: 99 } }))!;
    const values = Float32Array.from({ length: 37 * 13 }, (_, i) => Math.sin(i));
    using weight = new Parameter([37, 13], () => 0, { use: "linear" });
    weight.place(own, values);
    const before = own.memory;
    weight.prepare();
    // 37 outputs fill 5 panels of 8.
    expect(own.memory).toEqual({ buffers: before.buffers, bytes: before.bytes + 3 * 13 * 4 });
    expect(await weight.read()).toEqual(values);
    weight.restore();
    expect(own.memory).toEqual(before);
    expect(await weight.read()).toEqual(values);
  });

  test("so does an int8 one, also where rows do not end with whole groups of levels", async () => {
    using own = (await openWasm({ quantizedTile: { rows: 2, columns: 8 } }))!;
    const levels = Int8Array.from({ length: 37 * 13 }, (_, i) => (i % 127) - 63);
    using weight = new Parameter([37, 13], () => 0, { use: "quantizedLinear", dtype: "int8" });
    weight.place(own, levels);
    const before = own.memory;
    expect(before.bytes).toBe(37 * 13);
    weight.prepare();
    // 37 outputs fill 5 panels of 8, 13 inputs 4 groups of 4; then a sum of 4 bytes for each output.
    expect(own.memory).toEqual({ buffers: before.buffers, bytes: 40 * 16 + 40 * 4 });
    expect(await weight.read()).toEqual(levels);
    weight.restore();
    expect(own.memory).toEqual(before);
    expect(await weight.read()).toEqual(levels);
  });

  test("only linear and matmul take a prepared weight", () => {
    using weight = new Parameter([4, 4], () => 0, { use: "linear" });
    weight.place(backend(), new Float32Array(16));
    const dense = Tensor.empty(backend(), [4, 4]);
    expect(() => backend().restore(dense.buffer)).toThrow(UnsupportedError);
    weight.prepare();
    expect(() => backend().kernels.unary("exp", weight, dense)).toThrow(/restore\(\) it first/);
    expect(() => backend().write(weight.buffer, Float32Array.of(1))).toThrow(/restore\(\) it first/);
    dense.dispose();
  });

  test("too large a tensor says what would fit", async () => {
    using small = (await openWasm({ maximumBytes: 2 ** 21 }))!;
    expect(() => small.allocate(2 ** 20, "float32")).toThrow(UnsupportedError);
    using fits = Tensor.from(small, new Float32Array(2 ** 16));
    expect((await fits.read()).length).toBe(2 ** 16);
  });

  test("closing gives everything back and ends its use", async () => {
    const own = (await openWasm())!;
    const buffer = own.allocate(4, "float32");
    own[Symbol.dispose]();
    expect(own.memory).toEqual({ buffers: 0, bytes: 0 });
    expect(() => own.allocate(1, "float32")).toThrow(DisposedError);
    await expect(own.read(buffer)).rejects.toThrow(DisposedError);
  });

  test("the same definition of a custom kernel gives the same kernel", () => {
    const definition = { name: "zero", compute: () => 0, constants: {} };
    expect(backend().custom(definition)).toBe(backend().custom(definition));
  });
});
