import { UnsupportedError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { WasmMemory } from "./wasm-memory.js";

describe("WasmMemory", () => {
  test("numbers survive growth, which detaches the views from before", () => {
    const memory = new WasmMemory();
    const address = memory.allocate(16);
    const before = memory.floats(address, 4);
    before.set([1, 2, 3, 4]);
    memory.allocate(8 * 2 ** 20);
    expect(before.length).toBe(0);
    expect([...memory.floats(address, 4)]).toEqual([1, 2, 3, 4]);
  });

  test("scratch areas are apart from each other and from blocks, and the same at each call", () => {
    const memory = new WasmMemory();
    const block = memory.allocate(100);
    const [a, b] = memory.scratch(100, 0);
    const [c] = memory.scratch(1);
    expect(c).toBe(a);
    expect(b - a).toBeGreaterThanOrEqual(100);
    const [larger] = memory.scratch(10_000);
    expect(larger >= block + 100 || larger + 10_000 <= block).toBe(true);
    expect(memory.scratch(10_000)[0]).toBe(larger);
  });

  test("past its limit it says what would fit, and goes on working", () => {
    const memory = new WasmMemory(32);
    const attempt = () => memory.allocate(4 * 2 ** 20);
    expect(attempt).toThrow(UnsupportedError);
    expect(attempt).toThrow(/needs \d+ MB of memory, holds \d and may hold 2: use a smaller batch/);
    expect(memory.allocate(2 ** 20)).toBeGreaterThan(0);
  });

  test("where the system reserves less than 4 GB, it takes what it gets", () => {
    const { Memory } = WebAssembly;
    const most = 1000;
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        if (descriptor.maximum! > most) throw new RangeError("could not allocate memory");
        super(descriptor);
      }
    } as typeof Memory;
    try {
      const memory = new WasmMemory();
      expect(memory.allocate(2 ** 20)).toBeGreaterThan(0);
      expect(() => memory.allocate(most * 2 ** 16)).toThrow(/may hold 32:/);
    } finally {
      WebAssembly.Memory = Memory;
    }
  });
});
