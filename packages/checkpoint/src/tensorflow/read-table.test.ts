import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { compressSnappy } from "../fixtures/compress-snappy.js";
import { block, rawBlock, sortedTable, varint } from "../fixtures/sorted-table.js";
import { tableEntries } from "./read-table.js";
import { serializeTable } from "./write-table.js";

async function read(file: Uint8Array): Promise<[key: string, value: number[]][]> {
  const entries: [string, number[]][] = [];
  for await (const { key, value } of tableEntries(memoryBytes(file, "a.index"))) {
    entries.push([new TextDecoder().decode(key), [...value]]);
  }
  return entries;
}

const value = (...bytes: number[]) => Uint8Array.from(bytes);
const nothing = value();
const one = block([["a", value(1)]]);

describe("a sorted table", () => {
  test("is read in the order of its keys, whole ones and such that share a beginning", async () => {
    const first = rawBlock([
      [0, "", value(7)],
      [0, "layer", value(8)],
      [5, "_1", nothing],
      [6, "2", value(9)],
    ]);
    const file = sortedTable([
      { bound: "layer_2", content: first },
      { bound: "n", content: block([["m", value(10)]]) },
    ]);
    expect(await read(file)).toEqual([
      ["", [7]],
      ["layer", [8]],
      ["layer_1", []],
      ["layer_2", [9]],
      ["m", [10]],
    ]);
  });

  test("may have blocks that Snappy has compressed", async () => {
    const entries = Array.from({ length: 50 }, (_, i): [string, Uint8Array] => [`layer_${i + 10}/weights`, value(i)]);
    const content = compressSnappy(block(entries));
    expect(content.length).toBeLessThan(block(entries).length);
    const file = sortedTable([{ bound: "m", content, compression: 1 }]);
    expect(await read(file)).toEqual(entries.map(([key, bytes]) => [key, [...bytes]]));
  });

  test("is what was written, of any keys and values", async () => {
    const entry = fc.tuple(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 200 }));
    const entries = fc.uniqueArray(entry, { selector: ([key]) => String(key), maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(entries, async (unordered) => {
        const ordered = unordered
          .map(([key, bytes]) => ({ key, value: bytes }))
          .sort((left, right) => Buffer.compare(left.key, right.key));
        const read = [];
        for await (const found of tableEntries(memoryBytes(serializeTable(ordered)))) read.push(found);
        expect(read).toEqual(ordered);
      }),
    );
  });

  test("of several blocks is what was written", async () => {
    const ordered = Array.from({ length: 3000 }, (_, i) => ({
      key: new TextEncoder().encode(`${String(i).padStart(5, "0")}/${"n".repeat(i % 100)}`),
      value: new Uint8Array(300).fill(i),
    }));
    const read = [];
    for await (const found of tableEntries(memoryBytes(serializeTable(ordered)))) read.push(found);
    expect(read).toEqual(ordered);
  });

  test.each<[string, Uint8Array, string, string]>([
    ["is too short", value(1, 2, 3), "truncated", "48 bytes or more, not 3"],
    ["ends otherwise", new Uint8Array(100), "malformed", "it does not end as a TensorFlow index does"],
    [
      "has a block beyond its end",
      sortedTable([{ bound: "b", content: one, handle: [0, 2 ** 40] }]),
      "malformed",
      "a block of 1099511627776 bytes at byte 0",
    ],
    [
      "has an impossibly large handle",
      sortedTable([{ bound: "b", content: one, handle: [2 ** 60, 1] }]),
      "malformed",
      "an impossibly large number",
    ],
    [
      "names a block twice",
      sortedTable([
        { bound: "a", content: one },
        { bound: "b", content: one, handle: [0, one.length] },
      ]),
      "malformed",
      "blocks that overlap or are out of order",
    ],
    [
      "is compressed by another method",
      sortedTable([{ bound: "a", content: one, compression: 2 }]),
      "unsupported",
      "it is compressed by method 2",
    ],
    [
      "has keys out of order",
      sortedTable([
        {
          bound: "b",
          content: block([
            ["b", nothing],
            ["a", nothing],
          ]),
        },
      ]),
      "malformed",
      "keys that are out of order or there twice",
    ],
    [
      "has a key twice, in two blocks",
      sortedTable([
        { bound: "a", content: one },
        { bound: "a", content: one },
      ]),
      "malformed",
      "keys that are out of order or there twice",
    ],
    [
      "has a key that shares more than there is",
      sortedTable([{ bound: "a", content: rawBlock([[1, "a", nothing]]) }]),
      "malformed",
      "a key shares 1 bytes with one of 0",
    ],
    [
      "has a value that is longer than its block",
      sortedTable([{ bound: "a", content: value(0, 1, 100, 97, 0, 0, 0, 0, 1, 0, 0, 0) }]),
      "malformed",
      "100 bytes should follow, but 0 do",
    ],
    [
      "has more restart points than its block has room for",
      sortedTable([{ bound: "a", content: value(0, 0, 0, 0, 255, 255, 255, 255) }]),
      "malformed",
      "no room for 4294967295 restart points in 8 bytes",
    ],
    [
      "has an empty block",
      sortedTable([{ bound: "a", content: nothing }]),
      "malformed",
      "the block at byte 0: it has 0 bytes",
    ],
    [
      "would become very large",
      sortedTable([{ bound: "a", content: value(...varint(2 ** 30), 0), compression: 1 }]),
      "malformed",
      "6 compressed bytes cannot become 1073741824",
    ],
  ])("that %s is refused", async (_, file, code, message) => {
    await expect(read(file)).rejects.toMatchObject({
      name: "CheckpointError",
      code,
      message: expect.stringMatching(/^a\.index/),
    });
    await expect(read(file)).rejects.toThrow(message);
  });

  test("of more than 64 MB is refused without being read", async () => {
    const bytes = { ...memoryBytes(new Uint8Array(100), "a.index"), size: 2 ** 26 + 1 };
    await expect(tableEntries(bytes).next()).rejects.toMatchObject({ code: "limit" });
  });

  test("whose keys repeat one another at length is refused, before they take memory", async () => {
    const long = "k".repeat(10_000);
    const entries = Array.from({ length: 300 }, (_, i): [number, string, Uint8Array] => [
      i === 0 ? 0 : 10_000 + i - 1,
      i === 0 ? long : "k",
      nothing,
    ]);
    const file = sortedTable([{ bound: "l", content: rawBlock(entries) }]);
    await expect(read(file)).rejects.toMatchObject({
      code: "limit",
      message: expect.stringContaining("would take more"),
    });
  });

  test("is refused with any bit of its blocks turned", async () => {
    const file = sortedTable([{ bound: "a", content: one }]);
    const unused = [one.length + 5, one.length + 5 + 8 + 5]; // the empty table of tables, which nobody reads
    for (let at = 0; at < file.length - 48; at++) {
      if (at >= unused[0]! && at < unused[1]!) continue;
      for (let bit = 0; bit < 8; bit++) {
        const damaged = file.slice();
        damaged[at]! ^= 1 << bit;
        await expect(read(damaged)).rejects.toThrow("its checksum is wrong; the file is damaged");
      }
    }
  });

  test("is refused wherever it is cut off", async () => {
    const file = sortedTable([{ bound: "a", content: one }]);
    for (let end = 0; end < file.length; end++) {
      await expect(read(file.subarray(0, end))).rejects.toMatchObject({ name: "CheckpointError" });
    }
  });
});
