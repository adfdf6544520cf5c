import { describe, expect, test } from "@jest/globals";
import { openMachine } from "../fixtures/open-machine.js";
import { shader } from "../wgsl/shader.js";
import type { Block } from "./block-pool.js";
import { mapModeRead, usage } from "./usage.js";

const opened = await openMachine();

const addShader = shader({
  name: "add",
  threads: 1,
  reads: { values: "i32" },
  writes: { out: "i32" },
  parameters: { at: "u32" },
  body: "  out[group] += values[p.at];",
});

(opened ? describe : describe.skip)("Recorder", () => {
  const read = async (words: number, block: Block) => {
    const { recorder, device } = opened!;
    const staging = device.createBuffer({ size: 4 * words, usage: usage.mapRead | usage.copyDestination });
    recorder.submit((encoder) => encoder.copyBufferToBuffer(block.memory, 0, staging, 0, 4 * words));
    await staging.mapAsync(mapModeRead);
    const values = new Int32Array(staging.getMappedRange().slice(0));
    staging.destroy();
    return values;
  };

  test("calls run in their order and are one submission", async () => {
    const { machine, recorder } = opened!;
    using out = machine.scratch(1);
    const before = recorder.counts;
    for (let i = 0; i < 50; i++)
      machine.run(addShader, { values: Int32Array.of(i, 1000), out: out.block }, { at: i % 2 }, 1);
    expect(recorder.isPending(out.block)).toBe(true);
    expect([...(await read(1, out.block))]).toEqual([25 * 1000 + 600]);
    expect(recorder.isPending(out.block)).toBe(false);
    expect(recorder.counts.submissions).toBe(before.submissions + 1);
    expect(recorder.counts.dispatches).toBe(before.dispatches + 50);
  });

  test("more calls than one submission holds, and arrays larger than it, change nothing", async () => {
    const { machine } = opened!;
    using out = machine.scratch(1);
    const start = (await read(1, out.block))[0]!;
    const long = new Int32Array(2 ** 18).fill(3);
    for (let i = 0; i < 3000; i++) {
      const values = i % 1500 === 0 ? long : Int32Array.of(1);
      machine.run(addShader, { values, out: out.block }, { at: values.length - 1 }, 1);
    }
    expect([...(await read(1, out.block))]).toEqual([start + 2998 + 2 * 3]);
  });

  test("a grid past a dimension's limit is folded", async () => {
    const { machine, pool, device } = opened!;
    const groups = 150_001;
    using out = machine.scratch(groups + 1);
    machine.run(addShader, { values: Int32Array.of(1), out: out.block }, { at: 0 }, groups);
    const values = await read(groups + 1, out.block);
    expect(values.subarray(0, groups).every((value) => value === 1)).toBe(true);
    expect(values[groups]).toBe(0);
    pool[Symbol.dispose]();
    device.destroy();
  });
});
