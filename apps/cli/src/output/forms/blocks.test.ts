import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { decompress } from "fzstd";
import { openCodec } from "../elements.js";
import type { Compression } from "../output-form.js";
import { outputLimits } from "../vector-output.js";
import { compressedEncoder } from "./blocks.js";
import { delimitedEncoder } from "./delimited.js";

const codec = await openCodec("float32", 2);

/** The blocks that rows become. */
async function blocksOf(compression: Compression, rows: number, blockBytes: number): Promise<Uint8Array[]> {
  const order = { columns: [], limits: { ...outputLimits, blockBytes } };
  const encoder = await compressedEncoder(delimitedEncoder(codec, order, ","), compression, order);
  const vector = new Float32Array(2);
  const blocks = [encoder.start()];
  for (let row = 0; row < rows; row++) {
    vector.fill(row); // one memory for all
    const block = encoder.append({ text: `text ${row}`, cells: [], place: "" }, vector);
    if (block) blocks.push(block);
  }
  return [...blocks, encoder.finish()].filter(({ length }) => length > 0);
}

const lines = (rows: number) =>
  `text,vector\n${Array.from({ length: rows }, (_, row) => `text ${row},"[${row},${row}]"\n`).join("")}`;

describe.each([
  ["gzip", gunzipSync],
  ["zstd", decompress],
] as const)("%s", (compression, inflate) => {
  const read = (bytes: Uint8Array) => Buffer.from(inflate(bytes)).toString();

  test("is blocks of whole rows that end where the limit is reached, each to be read alone and all in one", async () => {
    const blocks = await blocksOf(compression, 5, 40);
    expect(blocks.map(read)).toEqual([
      'text,vector\ntext 0,"[0,0]"\ntext 1,"[1,1]"\n',
      'text 2,"[2,2]"\ntext 3,"[3,3]"\ntext 4,"[4,4]"\n',
    ]);
    expect(read(Buffer.concat(await blocksOf(compression, 50, 100)))).toBe(lines(50));
  });

  test("of no rows is a file that can be read", async () => {
    expect((await blocksOf(compression, 0, 1000)).map(read)).toEqual(["text,vector\n"]);
  });
});
