import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { mapModeRead, usage } from "../device/usage.js";
import { openMachine } from "../fixtures/open-machine.js";
import { shader } from "../wgsl/shader.js";
import { divideExactly } from "./exact-division.js";

const opened = await openMachine();

const quotients = shader({
  name: "quotients",
  threads: 64,
  reads: { a: "u32", b: "u32" },
  writes: { out: "u32" },
  parameters: { size: "u32" },
  declarations: divideExactly,
  body: `  let i = group * 64u + lane;
  if (i < p.size) { out[i] = divideExactly(a[i], b[i]); }`,
});

(opened ? test : test.skip)("a quotient is that of IEEE 754 to the last bit, of small numbers too", async () => {
  const { machine, recorder, device } = opened!;
  const most = 0x7f7fffff;
  const bits = fc.oneof(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 0x1ffffff }));
  const cases = fc.sample(fc.tuple(bits, bits), { numRuns: 20_000, seed: 5 });
  cases.push([0, 0], [1, most], [most, 1], [most, most], [1, 1], [0x7fffff, 0x3f800000], [0x800000, 0x40000000]);
  const [a, b] = [0, 1].map((side) => Int32Array.from(cases, (pair) => pair[side as 0 | 1]));
  using out = machine.scratch(cases.length);
  machine.runEach(quotients, { a: a!, b: b!, out: out.block }, { size: cases.length });
  const staging = device.createBuffer({ size: 4 * cases.length, usage: usage.mapRead | usage.copyDestination });
  recorder.submit((encoder) => encoder.copyBufferToBuffer(out.block.memory, 0, staging, 0, 4 * cases.length));
  await staging.mapAsync(mapModeRead);
  const found = new Int32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  const [x, y] = [new Float32Array(a!.buffer), new Float32Array(b!.buffer)];
  const expected = Float32Array.from(x, (dividend, i) => (dividend === 0 ? 0 : dividend / y[i]!));
  expect(found).toEqual(new Int32Array(expected.buffer));
  device.destroy();
});
