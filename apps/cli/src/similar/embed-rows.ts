import type { Embedded, EncodeOptions, SentenceEncoder } from "bertkit";
import { type RowVector, withVectors } from "../rows/with-vectors.js";
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
  for await (const { vector, row } of encoder ? withVectors(rows, encoder, options) : given(rows)) {
    const { text, place, cells, position } = row;
    display?.update({ texts: ++texts, position });
    yield { vector, item: { text, place, cells } };
  }
}

async function* given(rows: AsyncIterable<CorpusRow>): AsyncGenerator<RowVector<CorpusRow>> {
  for await (const row of rows) yield { vector: row.vector as Float32Array, row };
}
