import { expect, test } from "@jest/globals";
import { withHead } from "./random-answerer.js";

interface Entry {
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** A safetensors file of these entries and bytes. */
function fileOf(entries: Readonly<Record<string, unknown>>, data: readonly number[]): Buffer {
  const header = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(data)]);
}

function read(file: Buffer): { readonly entries: Readonly<Record<string, Entry>>; readonly data: Buffer } {
  const end = 8 + Number(file.readBigUInt64LE());
  return { entries: JSON.parse(file.toString("utf8", 8, end)), data: file.subarray(end) };
}

const array = (begin: number, end: number) => ({ dtype: "F32", shape: [1], data_offsets: [begin, end] });

test("a random head stands behind the encoder's arrays, which keep their bytes under transformers' names", () => {
  const names = { __metadata__: { format: "pt" }, "pooler.dense.bias": array(0, 4), "bert.other": array(4, 8) };
  const file = withHead(fileOf(names, [1, 2, 3, 4, 5, 6, 7, 8]), 3);
  const { entries, data } = read(file);
  expect(entries).toEqual({
    "bert.pooler.dense.bias": array(0, 4),
    "bert.other": array(4, 8),
    "qa_outputs.weight": { dtype: "F32", shape: [2, 3], data_offsets: [8, 32] },
    "qa_outputs.bias": { dtype: "F32", shape: [2], data_offsets: [32, 40] },
    __metadata__: { format: "pt" },
  });
  expect([...data.subarray(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(data).toHaveLength(40);
  expect((file.length - data.length) % 8).toBe(0);
  const weights = Array.from({ length: 6 }, (_, i) => data.readFloatLE(8 + 4 * i));
  expect(new Set(weights).size).toBe(6);
  expect(weights.every((weight) => Math.abs(weight) > 0 && Math.abs(weight) < 6)).toBe(true);
  expect([data.readFloatLE(32), data.readFloatLE(36)]).toEqual([0, 0]);
  expect(withHead(fileOf(names, [1, 2, 3, 4, 5, 6, 7, 8]), 3)).toEqual(file);
});
