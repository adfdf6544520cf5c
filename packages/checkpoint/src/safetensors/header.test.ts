import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ByteSource } from "../bytes/byte-source.js";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { CheckpointError } from "../checkpoint-error.js";
import { openSafetensors } from "./safetensors-source.js";
import { serializeSafetensors } from "./write-safetensors.js";

function fileOf(header: string | Uint8Array | object, dataLength = 0, headerLength?: bigint): Uint8Array {
  let json: Uint8Array;
  if (header instanceof Uint8Array) json = header;
  else json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

/** Bytes in memory that fail the test where they are asked for what they don't have. */
function guarded(file: Uint8Array): ByteSource {
  const bytes = memoryBytes(file);
  return {
    ...bytes,
    read(from, into, signal) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(into.buffer.byteLength).toBeLessThanOrEqual(8 * file.length);
      expect(from + into.length).toBeLessThanOrEqual(file.length);
      return bytes.read(from, into, signal);
    },
  };
}

/** Opens a file and reads all of it; the code of the CheckpointError that came, "none" if none did. */
async function outcome(file: Uint8Array): Promise<string> {
  const codeOf = (error: unknown) => {
    if (error instanceof CheckpointError) return error.code;
    throw error;
  };
  try {
    const source = await openSafetensors(guarded(file));
    for (const [name, { shape }] of source.entries) {
      const values = await source.read(name).catch(codeOf);
      if (typeof values === "string") expect(["unsupported", "range"]).toContain(values);
      else expect(values.length).toBe(shape.reduce((product, extent) => product * extent, 1));
    }
    return "none";
  } catch (error) {
    return codeOf(error);
  }
}

const array = (shape: unknown, offsets: unknown, dtype: unknown = "F32") => ({ dtype, shape, data_offsets: offsets });

describe("a safetensors header", () => {
  test.each<[title: string, file: Uint8Array]>([
    ["no array at all", fileOf("{}")],
    ["white space after the JSON", fileOf("{}  \n ")],
    ["metadata that is null", fileOf('{"__metadata__":null}')],
    [
      "an array of no bytes between others",
      fileOf({ a: array([1], [0, 4]), b: array([0], [4, 4]), c: array([1], [4, 8]) }, 8),
    ],
    ["arrays out of order", fileOf({ b: array([1], [4, 8]), a: array([1], [0, 4]) }, 8)],
    ["a huge extent beside a 0", fileOf({ a: array([0, 2 ** 50], [0, 0]) })],
    ["a field of a later version", fileOf({ a: { ...array([1], [0, 4]), layout: { blocks: [1, "x", null] } } }, 4)],
    ["the name __proto__", fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4)],
    ["an empty name", fileOf({ "": array([1], [0, 4]) }, 4)],
    ["four-bit floats that fill whole bytes", fileOf({ a: array([2, 3], [0, 3], "F4") }, 3)],
  ])("is accepted with %s", async (_, file) => {
    expect(await outcome(file)).toBe("none");
  });

  test.each<[title: string, code: string, file: Uint8Array]>([
    ["of nothing", "truncated", new Uint8Array(0)],
    ["of 7 bytes", "truncated", new Uint8Array(7)],
    ["longer than the file", "truncated", fileOf("{}", 0, 3n)],
    ["of 100,000,001 bytes", "malformed", fileOf("{}", 0, 100_000_001n)],
    ["of 2^64 - 1 bytes", "malformed", fileOf("{}", 0, 2n ** 64n - 1n)],
    ["of no bytes", "malformed", fileOf("")],
    ["that is no JSON", "malformed", fileOf("{]")],
    ["that is an array", "malformed", fileOf("[]")],
    ["that starts with white space", "malformed", fileOf(" {}")],
    ["with a byte order mark", "malformed", fileOf("\ufeff{}")],
    ["that is not UTF-8", "malformed", fileOf(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
    ["with something after it", "malformed", fileOf("{}{}")],
    [
      "with a name twice",
      "malformed",
      fileOf(`{"a":${JSON.stringify(array([0], [0, 0]))},"a":${JSON.stringify(array([0], [0, 0]))}}`),
    ],
    ["with metadata twice", "malformed", fileOf('{"__metadata__":{},"__metadata__":{}}')],
    ["with a metadata key twice", "malformed", fileOf('{"__metadata__":{"a":"1","a":"1"}}')],
    ["with metadata that is not text", "malformed", fileOf({ __metadata__: { a: 1 } })],
    ["with a field twice", "malformed", fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}')],
    ["without a dtype", "malformed", fileOf({ a: { shape: [1], data_offsets: [0, 4] } }, 4)],
    ["without a shape", "malformed", fileOf({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4)],
    ["without offsets", "malformed", fileOf({ a: { dtype: "F32", shape: [1] } }, 4)],
    ["with one offset", "malformed", fileOf({ a: array([1], [4]) }, 4)],
    ["with three offsets", "malformed", fileOf({ a: array([1], [0, 4, 8]) }, 4)],
    ["with an unknown element type", "unsupported", fileOf({ a: array([1], [0, 4], "F128") }, 4)],
    ["with a negative extent", "malformed", fileOf({ a: array([-1], [0, 4]) }, 4)],
    ["with a fractional extent", "malformed", fileOf({ a: array([0.5], [0, 2]) }, 2)],
    ["with an extent in quotes", "malformed", fileOf({ a: array(["1"], [0, 4]) }, 4)],
    [
      "with an extent of 2^60",
      "malformed",
      fileOf('{"a":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,0]}}'),
    ],
    ["with a shape of 2^60 elements", "malformed", fileOf({ a: array([2 ** 30, 2 ** 30], [0, 4]) }, 4)],
    ["with a shape of 2^64 elements", "malformed", fileOf({ a: array([2 ** 32, 2 ** 32], [0, 0], "U8") })],
    ["with 65 axes", "malformed", fileOf({ a: array(Array(65).fill(1), [0, 4]) }, 4)],
    ["with a negative offset", "malformed", fileOf({ a: array([1], [-4, 0]) }, 4)],
    ["with offsets backwards", "malformed", fileOf({ a: array([1], [4, 0]) }, 4)],
    ["with offsets too far apart", "malformed", fileOf({ a: array([1], [0, 8]) }, 8)],
    ["with data beyond the file", "truncated", fileOf({ a: array([1000], [0, 4000]) }, 4)],
    ["with 2^49 bytes of data", "truncated", fileOf({ a: array([2 ** 47], [0, 2 ** 49]) }, 4)],
    ["with a hole at the start", "malformed", fileOf({ a: array([1], [4, 8]) }, 8)],
    ["with a hole between", "malformed", fileOf({ a: array([1], [0, 4]), b: array([1], [8, 12]) }, 12)],
    ["with an overlap", "malformed", fileOf({ a: array([2], [0, 8]), b: array([2], [4, 12]) }, 12)],
    ["with two arrays in one place", "malformed", fileOf({ a: array([1], [0, 4]), b: array([1], [0, 4]) }, 4)],
    ["with bytes after the last array", "malformed", fileOf({ a: array([1], [0, 4]) }, 5)],
    ["with half a byte", "malformed", fileOf({ a: array([3], [0, 1], "F4") }, 1)],
  ])("%s is refused as %s", async (_, code, file) => {
    expect(await outcome(file)).toBe(code);
  });

  test("keeps the order of the bytes, and __proto__ is a name like any other", async () => {
    const file = fileOf(
      '{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      2,
    );
    const { entries } = await openSafetensors(memoryBytes(file));
    expect([...entries.keys()]).toEqual(["__proto__", "b"]);
    expect(entries.get("__proto__")).toMatchObject({ dtype: "uint8", shape: [1] });
  });

  test("says what is wrong, and shows no more than 100 characters of a name", async () => {
    const file = fileOf({ [`a\n${"b".repeat(1000)}`]: array([2, 3], [0, 4]) }, 4);
    const error = await openSafetensors(memoryBytes(file)).catch((reason: CheckpointError) => reason);
    expect((error as CheckpointError).message).toContain("F32 of shape [2,3] takes 24 bytes, not [0, 4)");
    expect((error as CheckpointError).message.length).toBeLessThan(300);
    expect((error as CheckpointError).message).not.toContain("\n");
  });
});

describe("a file with bytes changed at random", () => {
  const valid = serializeSafetensors(
    [
      { name: "weight", shape: [2, 3], dtype: "float32", values: new Float32Array([1, 2, 3, 4, 5, 6]) },
      { name: "half", shape: [2], dtype: "float16", values: new Float32Array([1, 2]) },
      { name: "ids", shape: [3], dtype: "int64", values: new Int32Array([1, -2, 3]) },
      { name: "flag", shape: [], dtype: "bool", values: new Int32Array([1]) },
    ],
    { metadata: { format: "pt" } },
  );

  test("gives arrays or a CheckpointError", async () => {
    const change = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const file = valid.slice();
        for (const [at, byte] of changes) file[at] = byte;
        await outcome(file);
      }),
      { numRuns: 1500 },
    );
  });

  test("gives a CheckpointError when cut anywhere, and when anything is appended", async () => {
    for (let length = 0; length < valid.length; length++) {
      expect(["truncated", "malformed"]).toContain(await outcome(valid.slice(0, length)));
    }
    expect(await outcome(new Uint8Array([...valid, 0]))).toBe("malformed");
  });

  test("gives arrays or a CheckpointError whatever its JSON claims", async () => {
    const number = fc.oneof(
      fc.nat(40),
      fc.integer(),
      fc.double(),
      fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, 2 ** 60, 1e308, -1),
    );
    const claim = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom("F32", "F16", "BOOL", "I64", "U8", "F4", "F8_E4M3"), fc.string(), number),
        shape: fc.oneof(fc.array(number, { maxLength: 4 }), fc.array(fc.nat(4), { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.tuple(fc.nat(16), fc.nat(16)), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const name = fc.oneof(fc.constantFrom("__proto__", "constructor", "__metadata__", "a"), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.oneof(claim, fc.jsonValue())), fc.nat(32), async (header, dataLength) => {
        await outcome(fileOf(header, dataLength));
      }),
      { numRuns: 1000 },
    );
  });
});
