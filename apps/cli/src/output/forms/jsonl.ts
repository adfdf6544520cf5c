import type { ElementCodec } from "../elements.js";
import { jsonCell } from "./json-cell.js";
import { jsonNumbers } from "./json-numbers.js";
import { type EncoderOrder, noBytes, type VectorEncoder } from "./vector-encoder.js";

/** JSON lines: an object a row with the kept columns, `text` and `vector`. */
export function jsonlEncoder(codec: ElementCodec, { columns }: EncoderOrder): VectorEncoder {
  const names = columns.map(({ name }) => JSON.stringify(name));
  return {
    start: () => noBytes,
    append: ({ text, cells, place }, elements) => {
      const kept = cells.map((cell, column) => `${names[column]}:${jsonCell(cell)},`).join("");
      return Buffer.from(`{${kept}"text":${JSON.stringify(text)},"vector":${jsonNumbers(codec, elements, place)}}\n`);
    },
    finish: () => noBytes,
    state: () => undefined,
  };
}
