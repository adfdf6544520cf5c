import { describe, expect, test } from "@jest/globals";
import { f32, f32x4, i32, i32x4, type V128, v128 } from "./expression.js";
import type { FunctionBuilder, Parameters, Signature } from "./function-builder.js";
import { ModuleBuilder } from "./module-builder.js";

describe("emitted code", () => {
  test("an empty module is valid", () => {
    expect(WebAssembly.validate(new ModuleBuilder(product).finish())).toBe(true);
  });

  test("a loop counts, and does not run for 0", () => {
    const { run, integers } = compile({ end: "i32" }, (f, { end }) => {
      const sum = f.local("i32");
      f.count(end, (index) => f.increase(sum, i32.multiply(index, index)));
      f.storeScalar(0, f32.fromInteger(sum));
      f.store(16, i32x4.splat(sum));
    });
    run(5);
    expect(integers[4]).toBe(30);
    run(0);
    expect(integers[4]).toBe(0);
  });

  test("conditions choose, addresses compare without a sign", () => {
    const { run, integers } = compile({ a: "i32", b: "i32" }, (f, { a, b }) => {
      f.if(
        i32.less(a, b),
        () => f.store(0, i32x4.constant(1, 0, 0, 0)),
        () => f.if(i32.equal(a, b), () => f.store(0, i32x4.constant(2, 0, 0, 0))),
      );
    });
    for (const [a, b, expected] of [
      [1, 2, 1],
      [3, 3, 2],
      [1, 0xffff0000, 1],
    ] as const) {
      integers[0] = 0;
      run(a, b);
      expect(integers[0]).toBe(expected);
    }
  });

  test("vectors compute, shuffle, compare and leave single lanes", () => {
    const { run, floats } = compile({}, (f) => {
      const x = f.let(v128.load(0));
      f.store(16, f.multiplyAdd(x, 2, 0.5));
      f.store(32, v128.shuffle(x, f.let(f32x4.negate(x)), [3, 7, 0, 4]));
      f.store(48, v128.select(f32x4.greater(x, 2.5), x, 9));
      f.storePair(64, x);
      f.storeLane(72, x, 3);
      f.storeScalar(76, f32.lane(x, 2));
    });
    floats.set([1, 2, 3, 4]);
    run();
    expect([...floats.slice(4, 20)]).toEqual([2.5, 4.5, 6.5, 8.5, 4, -4, 1, -1, 9, 9, 3, 4, 1, 2, 4, 3]);
  });

  test("a constant used twice is one variable, set before any branch", () => {
    const { run, floats } = compile({ flag: "i32" }, (f, { flag }) => {
      f.if(flag, () => f.store(0, f32x4.add(v128.load(0), 1.5)));
      f.store(0, f32x4.add(v128.load(0), 1.5));
    });
    run(0);
    run(1);
    expect(floats[0]).toBe(4.5);
  });
});

const product = (a: V128, b: V128, c: V128) => f32x4.add(f32x4.multiply(a, b), c);

function compile<S extends Signature>(signature: S, body: (f: FunctionBuilder, p: Parameters<S>) => void) {
  const module = new ModuleBuilder(product);
  module.function("run", signature, body);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } });
  return {
    run: exports.run as (...values: number[]) => void,
    floats: new Float32Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
  };
}
