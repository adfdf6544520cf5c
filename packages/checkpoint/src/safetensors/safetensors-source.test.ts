import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ByteSource } from "../bytes/byte-source.js";
import { memoryBytes } from "../bytes/memory-bytes.js";
import type { CheckpointSource, Values } from "../checkpoint-source.js";
import { openSafetensors } from "./safetensors-source.js";

/** A file of one array `a`, from the bytes of its elements. */
function fileOf(dtype: string, shape: number[], data: ArrayBufferView): Uint8Array {
  const header = JSON.stringify({ a: { dtype, shape, data_offsets: [0, data.byteLength] } });
  const file = new Uint8Array(8 + header.length + data.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(new TextEncoder().encode(header), 8);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8 + header.length);
  return file;
}

const open = (dtype: string, shape: number[], data: ArrayBufferView): Promise<CheckpointSource> =>
  openSafetensors(memoryBytes(fileOf(dtype, shape, data)));

describe("reading an array", () => {
  test.each<[spelled: string, dtype: string, data: ArrayBufferView, values: Values]>([
    ["F64", "float64", new Float64Array([0.1, -0, Number.NaN]), new Float64Array([0.1, -0, Number.NaN])],
    ["F32", "float32", new Float32Array([0.1, -0, Infinity]), new Float32Array([0.1, -0, Infinity])],
    // 1, the largest, the smallest subnormal, the largest subnormal, -0, -infinity, NaN
    [
      "F16",
      "float16",
      new Uint16Array([0x3c00, 0x7bff, 0x0001, 0x03ff, 0x8000, 0xfc00, 0x7e00]),
      new Float32Array([1, 65504, 2 ** -24, 1023 * 2 ** -24, -0, -Infinity, Number.NaN]),
    ],
    ["BF16", "bfloat16", new Uint16Array([0x3f80, 0xc020, 0x0001]), new Float32Array([1, -2.5, 2 ** -133])],
    [
      "I64",
      "int64",
      new BigInt64Array([-(2n ** 31n), 2n ** 31n - 1n, -1n]),
      new Int32Array([-(2 ** 31), 2 ** 31 - 1, -1]),
    ],
    ["U64", "uint64", new BigUint64Array([0n, 2n ** 31n - 1n]), new Int32Array([0, 2 ** 31 - 1])],
    ["I32", "int32", new Int32Array([-5, 7]), new Int32Array([-5, 7])],
    ["U32", "uint32", new Uint32Array([0, 2 ** 31 - 1]), new Int32Array([0, 2 ** 31 - 1])],
    ["I16", "int16", new Int16Array([-32768, 3]), new Int32Array([-32768, 3])],
    ["U16", "uint16", new Uint16Array([65535, 3]), new Int32Array([65535, 3])],
    ["I8", "int8", new Int8Array([-128, 127, 1]), new Int32Array([-128, 127, 1])],
    ["U8", "uint8", new Uint8Array([255, 0, 1]), new Int32Array([255, 0, 1])],
    ["BOOL", "bool", new Uint8Array([1, 0, 1]), new Int32Array([1, 0, 1])],
  ])("of %s gives its numbers", async (spelled, dtype, data, values) => {
    const source = await open(spelled, [values.length], data);
    expect(source.entries.get("a")).toMatchObject({ dtype, shape: [values.length] });
    expect(await source.read("a")).toEqual(values);
    // Memory that starts in the middle of a block must not change what comes.
    const block = new Uint8Array(64 + values.byteLength);
    const into = new (values.constructor as Float32ArrayConstructor)(block.buffer, 8, values.length);
    expect(await source.read("a", { into })).toBe(into);
    expect(into).toEqual(values);
    expect(block.subarray(8 + values.byteLength).every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ["I64", new BigInt64Array([1n, 2n ** 31n]), "int64 2147483648"],
    ["I64", new BigInt64Array([-(2n ** 31n) - 1n]), "int64 -2147483649"],
    ["I64", new BigInt64Array([2n ** 32n]), "int64 4294967296"],
    ["U64", new BigUint64Array([2n ** 64n - 1n]), "uint64 18446744073709551615"],
    ["U64", new BigUint64Array([2n ** 31n]), "uint64 2147483648"],
    ["U32", new Uint32Array([0, 2 ** 32 - 1]), "uint32 4294967295"],
  ])("of %s refuses, by name and value, what 32 bits cannot hold", async (spelled, data, named) => {
    const source = await open(spelled, [data.length], data);
    await expect(source.read("a")).rejects.toMatchObject({
      code: "range",
      message: expect.stringContaining(`"a" holds the ${named} `),
    });
  });

  test("of floats fills a Float32Array or a Float64Array, whatever the file has", async () => {
    const numbers = [1.5, -0.25, 1024];
    const files = [
      await open("F64", [3], new Float64Array(numbers)),
      await open("F32", [3], new Float32Array(numbers)),
      await open("F16", [3], new Uint16Array([0x3e00, 0xb400, 0x6400])),
      await open("BF16", [3], new Uint16Array([0x3fc0, 0xbe80, 0x4480])),
    ];
    for (const source of files) {
      expect(await source.read("a", { into: new Float32Array(3) })).toEqual(new Float32Array(numbers));
      expect(await source.read("a", { into: new Float64Array(3) })).toEqual(new Float64Array(numbers));
      await expect(source.read("a", { into: new Int32Array(3) })).rejects.toMatchObject({ code: "argument" });
    }
  });

  test("of int8 fills an Int8Array where asked, whole or by rows, and nothing else does", async () => {
    const source = await open("I8", [3, 2], new Int8Array([-128, 127, 1, -1, 0, 5]));
    const into = new Int8Array(6);
    expect(await source.read("a", { into })).toBe(into);
    expect(into).toEqual(new Int8Array([-128, 127, 1, -1, 0, 5]));
    expect(await source.read("a", { rows: [1, 2], into: new Int8Array(2) })).toEqual(new Int8Array([1, -1]));
    const shared = new Int8Array(new SharedArrayBuffer(8), 2, 6);
    expect([...(await source.read("a", { into: shared }))]).toEqual([-128, 127, 1, -1, 0, 5]);
    for (const [spelled, data] of [
      ["U8", new Uint8Array(6)],
      ["I16", new Int16Array(6)],
    ] as const) {
      const other = await open(spelled, [6], data);
      await expect(other.read("a", { into })).rejects.toMatchObject({ code: "argument" });
    }
    await expect(source.read("a", { into: new Float32Array(6) })).rejects.toMatchObject({
      message: '"a" holds int8: `into` must be an Int8Array or Int32Array',
    });
  });

  test("of every float16 gives sign × fraction × power of two, into either float memory", async () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const expected = Float64Array.from(halves, (half) => {
      const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
      if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
      return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
    });
    const source = await open("F16", [65536], halves);
    expect(await source.read("a", { into: new Float64Array(65536) })).toEqual(expected);
    expect(await source.read("a")).toEqual(Float32Array.from(expected));
  });

  test("of rows is the same as a slice of the whole", async () => {
    const dtypes = fc.constantFrom("F64", "F32", "BF16", "I64", "U8");
    await fc.assert(
      fc.asyncProperty(dtypes, fc.nat(6), fc.nat(4), fc.nat(6), fc.nat(6), async (dtype, rows, width, one, other) => {
        const bytes = { F64: 8, F32: 4, BF16: 2, I64: 8, U8: 1 }[dtype]!;
        const data = new Uint8Array(rows * width * bytes);
        for (let i = 0; i < data.length; i += bytes) data[i] = i % 251;
        const source = await open(dtype, [rows, width], data);
        const [from, to] = [Math.min(one, other, rows), Math.min(Math.max(one, other), rows)];
        const whole = await source.read("a");
        expect(await source.read("a", { rows: [from, to] })).toEqual(whole.slice(from * width, to * width));
      }),
    );
  });

  test("of a scalar and of nothing works", async () => {
    expect(await (await open("F32", [], new Float32Array([2.5]))).read("a")).toEqual(new Float32Array([2.5]));
    expect(await (await open("F32", [0, 4], new Float32Array(0))).read("a")).toEqual(new Float32Array(0));
    expect(await (await open("I64", [4, 0], new Int32Array(0))).read("a", { rows: [1, 3] })).toEqual(new Int32Array(0));
  });

  test("into memory shared between threads works", async () => {
    const into = new Float32Array(new SharedArrayBuffer(12));
    await (await open("F16", [3], new Uint16Array([0x3c00, 0x4000, 0x4200]))).read("a", { into });
    expect([...into]).toEqual([1, 2, 3]);
  });

  test("refuses what cannot be, and says what can", async () => {
    const source = await open("F32", [2, 3], new Float32Array(6));
    const scalar = await open("F32", [], new Float32Array(1));
    const attempts: [Promise<Values>, string][] = [
      [source.read("b"), 'has no array "b"'],
      [source.read("toString"), 'has no array "toString"'],
      [source.read("a", { rows: [0, 3] }), "has rows [0, 2); [0, 3) were asked for"],
      [source.read("a", { rows: [-1, 1] }), "[-1, 1) were asked for"],
      [source.read("a", { rows: [1, 0] }), "[1, 0) were asked for"],
      [source.read("a", { rows: [0.5, 1] }), "[0.5, 1) were asked for"],
      [source.read("a", { rows: [0, Number.NaN] }), "[0, NaN) were asked for"],
      [source.read("a", { into: new Float32Array(5) }), "must have 6 elements, not 5"],
      [source.read("a", { rows: [0, 1], into: new Float32Array(6) }), "must have 3 elements, not 6"],
      [source.read("a", { into: new Int32Array(6) }), "must be a Float32Array or Float64Array"],
      [scalar.read("a", { rows: [0, 1] }), "is a scalar and has no rows"],
    ];
    for (const [attempt, message] of attempts) {
      await expect(attempt).rejects.toMatchObject({ code: "argument", message: expect.stringContaining(message) });
    }
  });

  test("of 8-bit floats is refused with what to do, though they are listed", async () => {
    const source = await open("F8_E4M3", [2], new Uint8Array(2));
    expect(source.entries.get("a")?.dtype).toBe("float8_e4m3");
    await expect(source.read("a")).rejects.toMatchObject({
      code: "unsupported",
      message:
        '"a" holds float8_e4m3, which is listed but not read; convert the file to float32, float16 or bfloat16 first',
    });
  });

  test("stops at a signal and after closing", async () => {
    const source = await open("F32", [1], new Float32Array(1));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(source.read("a", { signal })).rejects.toThrow("enough");
    await source.close();
    await expect(source.read("a")).rejects.toMatchObject({ code: "closed" });
  });

  test("of more than fits memory is an error, and its rows are not", async () => {
    const header = '{"a":{"dtype":"F32","shape":[140737488355328],"data_offsets":[0,562949953421312]}}';
    const start = new Uint8Array([header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header)]);
    const source = await openSafetensors({
      label: "a file of 512 TB",
      size: start.length + 2 ** 49,
      read: async (from, into) => into.set(start.subarray(from, from + into.length)),
      close: async () => {},
    });
    const message = '"a": no memory for 140737488355328 elements at once; read it by `rows`';
    await expect(source.read("a")).rejects.toMatchObject({ code: "limit", message });
    expect(await source.read("a", { rows: [2 ** 46, 2 ** 46 + 2] })).toEqual(new Float32Array(2));
  });

  test("says so when the memory is detached meanwhile", async () => {
    const bytes = memoryBytes(fileOf("F32", [2], new Float32Array(2)));
    const slow: ByteSource = {
      ...bytes,
      async read(from, into, signal) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        await bytes.read(from, into, signal);
      },
    };
    const source = await openSafetensors(slow);
    const into = new Float32Array(2);
    const reading = source.read("a", { into });
    structuredClone(into.buffer, { transfer: [into.buffer] });
    await expect(reading).rejects.toMatchObject({ code: "argument", message: expect.stringContaining("detached") });
  });
});

describe("what a read asks of the file", () => {
  /** Counts what is read after the header. */
  async function counted(dtype: string, shape: number[], data: ArrayBufferView) {
    const bytes = memoryBytes(fileOf(dtype, shape, data));
    const asked: { from: number; into: Uint8Array }[] = [];
    const source = await openSafetensors({
      ...bytes,
      read(from, into, signal) {
        asked.push({ from, into });
        return bytes.read(from, into, signal);
      },
    });
    asked.length = 0;
    return { source, asked, dataStart: bytes.size - data.byteLength };
  }

  test("is its own bytes, straight into the memory given", async () => {
    for (const [dtype, Kind, width] of [
      ["F32", Float32Array, 4],
      ["I32", Int32Array, 4],
      ["F64", Float64Array, 8],
      ["BF16", Float32Array, 2],
      ["F32", Float64Array, 4],
      ["U8", Int32Array, 1],
      ["I8", Int8Array, 1],
    ] as const) {
      const { source, asked, dataStart } = await counted(dtype, [5, 2], new Uint8Array(10 * width));
      const into = new Kind(4);
      await source.read("a", { rows: [1, 3], into });
      expect(asked.map(({ from, into: part }) => [from - dataStart, part.length])).toEqual([[2 * width, 4 * width]]);
      expect(asked[0]!.into.buffer).toBe(into.buffer);
    }
  });

  test("goes through 4 MB at a time where elements are wider in the file than in memory", async () => {
    const count = 2 ** 20 + 3;
    const data = Float64Array.from({ length: count }, (_, i) => i / 3);
    const { source, asked } = await counted("F64", [count], data);
    const read = await source.read("a", { into: new Float32Array(count) });
    expect(read.every((value, i) => value === Math.fround(data[i]!))).toBe(true);
    expect(asked.map(({ into }) => into.length)).toEqual([2 ** 22, 2 ** 22, 24]);
    expect(new Set(asked.map(({ into }) => into.buffer)).size).toBe(1);
  });
});
