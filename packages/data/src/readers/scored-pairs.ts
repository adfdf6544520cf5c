import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { type ColumnLayout, roleRows } from "../text/columns.js";
import type { TextSource } from "../text/lines.js";
import { numberOf } from "../text/numbers.js";

/** Two texts and how alike people found them. */
export interface ScoredPair {
  /** From 1. */
  readonly line: number;
  readonly id: string | undefined;
  readonly text: string;
  readonly pair: string;
  /** 0 to 5 in STS files; undefined in test files. */
  readonly score: number | undefined;
}

/**
 * Pairs of texts with scores from a TSV file: GLUE's STS-B, the STS benchmark's own files (no header; genre, file,
 * year, id, score, the two sentences, perhaps more), SICK, or any with the columns `sentence1`, `sentence2` and
 * `score`. Quotes are text.
 * @throws {DataError} `columns` for a line of another width, or a first line that is neither such a header nor seven
 * columns; `value` for a score that is no number.
 */
export async function* readScoredPairs(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<ScoredPair> {
  for await (const row of roleRows(source, layout)) {
    const pair = readOrReport(() => pairOf(row.cells(), row.line), options);
    if (pair) yield pair;
  }
}

type Role = "id" | "text" | "pair" | "score";

const layout: ColumnLayout<Role> = {
  header: {
    id: { names: ["index", "id", "pair_ID"], optional: true },
    text: { names: ["sentence1", "sentence_A", "text_a"] },
    pair: { names: ["sentence2", "sentence_B", "text_b"] },
    score: { names: ["score", "relatedness_score", "similarity_score", "label"], optional: true },
  },
  // sts-train.csv and its siblings, which are no CSV.
  headless: { width: 7, open: true, indices: { id: 3, score: 4, text: 5, pair: 6 } },
};

function pairOf({ id, text = "", pair = "", score }: Partial<Record<Role, string>>, line: number): ScoredPair {
  return { line, id, text, pair, score: score === undefined ? undefined : numberOf(score, "the score", { line }) };
}
