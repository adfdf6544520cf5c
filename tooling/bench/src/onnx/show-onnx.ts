import { showMachine } from "../machine.js";
import { showTable } from "../table.js";
import type { OnnxResult } from "./measure-onnx.js";

const head = ["precision", "ids of", "texts with other ids", "largest difference", "lowest cosine"];

/** The result of `onnx`, for people. */
export function showOnnx({ machine, texts, rows }: OnnxResult): string {
  const cells = rows.map(({ precision, tokenizer, otherIds, agreement: { difference, cosine } }) => [
    precision,
    tokenizer,
    String(otherIds),
    difference.toExponential(1),
    cosine.toFixed(6),
  ]);
  return `${showMachine(machine)}
model     all-MiniLM-L6-v2, converted to ONNX, in transformers.js

${showTable([head, ...cells])}

Of the vectors of ${texts} texts from those of sentence-transformers in float32.`;
}
