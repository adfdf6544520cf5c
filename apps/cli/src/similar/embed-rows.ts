import type { Embedded, EncodeOptions, SentenceEncoder } from "bertkit";
import type { ProgressDisplay } from "../terminal/progress-bar.js";
import type { CorpusItem, CorpusRow } from "./corpus.js";

/** How rows become vectors. */
export interface Embedding {
  /** Undefined where every row comes with a vector. */
  readonly encoder: SentenceEncoder | undefined;
  readonly options: EncodeOptions;
  readonly display: ProgressDisplay | undefined;
}

/** Rows with their vectors, in their order, holding no more than are being encoded. */
export async function* embedRows(
  rows: AsyncIterable<CorpusRow>,
  { encoder, options, display }: Embedding,
): AsyncGenerator<Embedded<CorpusItem>> {
  let texts = 0;
  for await (const { vector, row } of encoder ? encoded(rows, encoder, options) : given(rows)) {
    const { text, place, cells, position } = row;
    display?.update({ texts: ++texts, position });
    yield { vector, item: { text, place, cells } };
  }
}

interface Embedment {
  readonly vector: Float32Array;
  readonly row: CorpusRow;
}

async function* encoded(
  rows: AsyncIterable<CorpusRow>,
  encoder: SentenceEncoder,
  options: EncodeOptions,
): AsyncGenerator<Embedment> {
  const waiting: CorpusRow[] = []; // handed to the encoder, their vectors still to come
  async function* texts(): AsyncGenerator<string> {
    for await (const row of rows) {
      waiting.push(row);
      yield row.text;
    }
  }
  for await (const vector of encoder.encode(texts(), options)) yield { vector, row: waiting.shift() as CorpusRow };
}

async function* given(rows: AsyncIterable<CorpusRow>): AsyncGenerator<Embedment> {
  for await (const row of rows) yield { vector: row.vector as Float32Array, row };
}
