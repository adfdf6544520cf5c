import type { EncodeOptions, SentenceEncoder } from "bertkit";

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
  const waiting: Item[] = []; // handed to the encoder, their vectors still to come
  async function* texts(): AsyncGenerator<string> {
    for await (const row of rows) {
      waiting.push(row);
      yield row.text;
    }
  }
  for await (const vector of encoder.encode(texts(), options)) yield { row: waiting.shift() as Item, vector };
}
