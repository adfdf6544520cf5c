import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RandomStream } from "@bertkit/tensor";

/**
 * Writes an encoder's files into another folder with a question answering head whose weights are normal random numbers,
 * always the same: what its answers say is nothing, what they cost is what a trained head's cost. Throws as the file
 * system does, and `Error` where the configuration has no width.
 */
export async function writeRandomAnswerer(encoder: string, folder: string): Promise<void> {
  for (const name of ["tokenizer.json", "tokenizer_config.json", "vocab.txt"]) {
    await copyFile(join(encoder, name), join(folder, name));
  }
  const config = JSON.parse(await readFile(join(encoder, "config.json"), "utf8")) as Record<string, unknown>;
  const width = config.hidden_size;
  if (typeof width !== "number") throw new Error(`${encoder}: its config.json states no hidden_size`);
  const asked = { ...config, architectures: ["BertForQuestionAnswering"] };
  await writeFile(join(folder, "config.json"), `${JSON.stringify(asked, undefined, 2)}\n`);
  const weights = await readFile(join(encoder, "model.safetensors"));
  await writeFile(join(folder, "model.safetensors"), withHead(weights, width));
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** A safetensors file with transformers' names for an encoder under a head, and the head behind its arrays. */
export function withHead(weights: Buffer, width: number): Buffer {
  const headerEnd = 8 + Number(weights.readBigUInt64LE());
  const header = JSON.parse(weights.toString("utf8", 8, headerEnd)) as Record<string, Entry>;
  const encoder = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]): [string, Entry] => [name.startsWith("bert.") ? name : `bert.${name}`, entry]);
  const dataLength = weights.length - headerEnd;
  const random = new RandomStream(1);
  const head = Float32Array.from({ length: 2 * width + 2 }, (_, i) => (i < 2 * width ? random.normal() : 0));
  const weightEnd = dataLength + 8 * width;
  const entries = {
    ...Object.fromEntries(encoder),
    "qa_outputs.weight": { dtype: "F32", shape: [2, width], data_offsets: [dataLength, weightEnd] },
    "qa_outputs.bias": { dtype: "F32", shape: [2], data_offsets: [weightEnd, weightEnd + 8] },
    __metadata__: { format: "pt" },
  };
  const json = Buffer.from(JSON.stringify(entries));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, weights.subarray(headerEnd), Buffer.from(head.buffer)]);
}
