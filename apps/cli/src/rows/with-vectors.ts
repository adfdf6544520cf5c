import type { EncodeOptions, SentenceEncoder } from "bertkit";
import { withAnswers } from "./with-answers.js";

/** A row and the vector of its text. */
export interface RowVector<Item> {
  readonly row: Item;
  readonly vector: Float32Array;
}

/** Rows with the vectors of their texts, in their order, holding no more than are being encoded. */
export async function* withVectors<Item extends { readonly text: string }>(
  rows: AsyncIterable<Item>,
  encoder: SentenceEncoder,
  options: EncodeOptions,
): AsyncGenerator<RowVector<Item>> {
  const vectors = (taken: AsyncIterable<Item>) => encoder.encode(textsOf(taken), options);
  for await (const { row, answer: vector } of withAnswers(rows, vectors)) yield { row, vector };
}

async function* textsOf(rows: AsyncIterable<{ readonly text: string }>): AsyncGenerator<string> {
  for await (const { text } of rows) yield text;
}
