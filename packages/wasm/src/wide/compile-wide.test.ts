import { type Backend, RandomStream, Tensor, UnsupportedError, type Values } from "@bertkit/tensor";
import { describeBackend, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { f32x4 } from "../emit/expression.js";
import { ModuleBuilder } from "../emit/module-builder.js";
import { chooseEngine, widened } from "../engine.js";
import { openWide } from "../fixtures/open-wide.js";
import { openWasm } from "../index.js";
import { emitHotKernels } from "../kernels/emit-kernels.js";
import { emitGemm } from "../kernels/gemm.js";
import { emitQuantizedGemm } from "../kernels/quantized-gemm.js";
import { compileWide } from "./compile-wide.js";
import { passes } from "./trial.js";
import type { V8 } from "./v8-flags.js";

// Needs Node 24 or later on x64; skipped elsewhere, and with REQUIRED_BACKENDS="wide wasm" failing there.
await describeBackend("wide wasm", openWide);

const node = globalThis.process.getBuiltinModule("node:v8");
const narrow = chooseEngine()!;

describe("openWasm({ wide: true })", () => {
  test("gives a backend that multiplies, on any engine, and leaves the flags as they were", async () => {
    const flags = node.cachedDataVersionTag();
    using backend = (await openWasm({ wide: true }))!;
    expect(node.cachedDataVersionTag()).toBe(flags);
    expect(backend.name).toMatch(/^wasm( \((fused multiply-add)?(, 256-bit)?(, )?(\d+ threads)?\))?$/);
    using x = Tensor.from(backend, Float32Array.of(1, 2, 3, 4), [2, 2]);
    using out = Tensor.empty(backend, [2, 2]);
    backend.kernels.matmul(x, x, out, { transposeA: false, transposeB: false });
    expect([...(await out.read())]).toEqual([7, 10, 15, 22]);
  });

  test("is the narrow backend where BERTKIT_WIDE=0 forbids it", async () => {
    const { BERTKIT_WIDE: before } = process.env;
    process.env.BERTKIT_WIDE = "0";
    try {
      using backend = (await openWasm({ wide: true }))!;
      using other = (await openWasm())!;
      expect(backend.name).toBe(other.name);
    } finally {
      if (before === undefined) delete process.env.BERTKIT_WIDE;
      else process.env.BERTKIT_WIDE = before;
    }
  });
});

describe("wide kernels are not used", () => {
  test("where the engine does not know the flags, or refuses them", () => {
    const deaf: V8 = { setFlagsFromString() {}, cachedDataVersionTag: () => 1 };
    const strict: V8 = {
      ...deaf,
      setFlagsFromString() {
        throw new UnsupportedError("flags are frozen");
      },
    };
    // Where the engine at hand cannot fuse, as far as it gets: that it compiles does not matter here.
    for (const v8 of [deaf, strict]) {
      expect(compileWide({ ...widened(narrow), fused: true }, v8)).toBeUndefined();
    }
  });

  test("where the module does not compile; the flags are set back", () => {
    const on = new Set<string>();
    const setNow = (): string[] => [...on];
    let inside: string[] = [];
    const v8: V8 = {
      setFlagsFromString(flag) {
        if (flag.startsWith("--no-")) on.delete(flag.slice(5));
        else on.add(flag.slice(2));
      },
      cachedDataVersionTag: () => Number(on.has("liftoff")) + 2 * Number(on.has("wasm-lazy-compilation")) + 4 * on.size,
    };
    for (const flag of ["--liftoff", "--wasm-lazy-compilation"]) v8.setFlagsFromString(flag);
    const { Module } = WebAssembly;
    WebAssembly.Module = function refuse() {
      inside = setNow();
      throw new WebAssembly.CompileError("refused");
    } as never;
    try {
      expect(compileWide({ ...widened(narrow), fused: true }, v8)).toBeUndefined();
    } finally {
      WebAssembly.Module = Module;
    }
    expect(inside).toEqual(["experimental-wasm-revectorize"]);
    expect(setNow()).toEqual(["wasm-lazy-compilation", "liftoff"]);
  });

  test("where they compute something else", () => {
    const builder = new ModuleBuilder((a, b, c) => f32x4.subtract(c, f32x4.multiply(a, b)));
    const engine = widened(narrow);
    emitGemm(builder, engine.tile);
    emitQuantizedGemm(builder, engine.quantized.tile, engine.quantized.byteLevels);
    const wrong = new WebAssembly.Module(builder.finish("wrong"));
    const right = new WebAssembly.Module(emitHotKernels(engine).finish("right"));
    expect(passes({ narrow: right, wide: wrong }, engine)).toBe(false);
  });
});

const isHere = await openWide();
isHere?.[Symbol.dispose]();

(isHere ? describe : describe.skip)("wide products have the bits of narrow ones", () => {
  const wide = useBackend(openWide);
  const plain = useBackend(() => openWasm());
  const random = new RandomStream(17);
  const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.normal());

  async function agree(shapes: readonly number[][], outShape: readonly number[], run: Run): Promise<boolean> {
    const values = shapes.map((shape) => draw(shape.reduce((a, b) => a * b)));
    const results: Values[] = [];
    for (const backend of [wide(), plain()]) {
      const inputs = values.map((array, i) => Tensor.from(backend, array, shapes[i]!));
      using out = Tensor.empty(backend, outShape);
      run(backend, inputs, out);
      results.push(await out.read());
      for (const input of inputs) input.dispose();
    }
    return results[0]!.every((value, i) => Object.is(value, results[1]![i]));
  }

  test("of any extents, with bias and activation", async () => {
    const extent = fc.integer({ min: 1, max: 70 });
    const cases = fc.record({ rows: extent, outputs: extent, inputs: fc.integer({ min: 1, max: 900 }) });
    await fc.assert(
      fc.asyncProperty(cases, ({ rows, outputs, inputs }) =>
        agree([[rows, inputs], [outputs, inputs], [outputs]], [rows, outputs], (on, [x, weight, bias], out) =>
          on.fused.linear!.forward(x!, weight!, bias, "gelu", out),
        ),
      ),
      { numRuns: 100 },
    );
  });

  test("in attention", async () => {
    const cases = fc.record({ tokens: fc.integer({ min: 1, max: 150 }), headWidth: fc.constantFrom(3, 32, 64) });
    await fc.assert(
      fc.asyncProperty(cases, ({ tokens, headWidth }) => {
        const shape = [tokens, 2, headWidth];
        const offsets = Int32Array.of(0, tokens >> 1, tokens);
        const layout = { heads: 2, queryOffsets: offsets, keyOffsets: offsets, causal: tokens % 2 === 1 };
        return agree([shape, shape, shape], shape, (on, [query, key, value], out) =>
          on.fused.attention!.forward(query!, key!, value!, layout, 0.2, out),
        );
      }),
      { numRuns: 50 },
    );
  });
});

type Run = (backend: Backend, inputs: readonly Tensor[], out: Tensor) => void;
