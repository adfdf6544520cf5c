import { type BertTokenizer, type Encoding, type PackedBatch, packEncodings } from "@bertkit/tokenizer";
import { withPauses } from "./with-pauses.js";

export interface PackOptions {
  /** Tokens of a text at most, special tokens included. */
  readonly maxLength: number;
  /** Tokens of a batch at most; a text that has more alone is a batch of its own. */
  readonly batchTokens: number;
  /** Ends the wait for a slow text with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Some texts as one packed batch. */
export interface TextBatch {
  readonly batch: PackedBatch;
  /** For each text, whether it was cut to `maxLength`. */
  readonly truncated: readonly boolean[];
}

// Longer than a disk or a decompressor lets one wait, shorter than a person notices.
const patience = 30;

/**
 * Tokenises texts as they come and packs them, in their order, into batches by token budget. Texts whose successor is
 * slow to come, as from a person's keyboard or a growing log, do not wait for a full batch.
 */
export async function* packTexts(
  texts: AsyncIterable<string>,
  tokenizer: BertTokenizer,
  { maxLength, batchTokens, signal }: PackOptions,
): AsyncGenerator<TextBatch> {
  let waiting: Encoding[] = [];
  let tokens = 0;
  const taken = (): TextBatch => {
    const batch = textBatch(waiting);
    [waiting, tokens] = [[], 0];
    return batch;
  };
  for await (const text of withPauses(texts, patience, signal)) {
    if (text === undefined) {
      if (waiting.length > 0) yield taken();
      continue;
    }
    const encoding = tokenizer.encode(text, { maxLength });
    if (waiting.length > 0 && tokens + encoding.length > batchTokens) yield taken();
    waiting.push(encoding);
    tokens += encoding.length;
  }
  if (waiting.length > 0) yield taken();
}

const textBatch = (encodings: readonly Encoding[]): TextBatch => ({
  batch: packEncodings(encodings),
  truncated: encodings.map(({ truncated }) => truncated),
});
