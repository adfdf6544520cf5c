import { type BertTokenizer, type Encoding, type PackedBatch, packEncodings } from "@bertkit/tokenizer";

export interface PackOptions {
  /** Tokens of a text at most, special tokens included. */
  readonly maxLength: number;
  /** Tokens of a batch at most; a text that has more alone is a batch of its own. */
  readonly batchTokens: number;
}

/** Some texts as one packed batch. */
export interface TextBatch {
  readonly batch: PackedBatch;
  readonly texts: number;
  /** How many of the texts were cut to `maxLength`. */
  readonly truncated: number;
}

/** Tokenises texts as they come and packs them, in their order, into batches by token budget. */
export async function* packTexts(
  texts: Iterable<string> | AsyncIterable<string>,
  tokenizer: BertTokenizer,
  { maxLength, batchTokens }: PackOptions,
): AsyncGenerator<TextBatch> {
  let waiting: Encoding[] = [];
  let tokens = 0;
  for await (const text of texts) {
    const encoding = tokenizer.encode(text, { maxLength });
    if (waiting.length > 0 && tokens + encoding.length > batchTokens) {
      yield textBatch(waiting);
      [waiting, tokens] = [[], 0];
    }
    waiting.push(encoding);
    tokens += encoding.length;
  }
  if (waiting.length > 0) yield textBatch(waiting);
}

const textBatch = (encodings: readonly Encoding[]): TextBatch => ({
  batch: packEncodings(encodings),
  texts: encodings.length,
  truncated: encodings.filter(({ truncated }) => truncated).length,
});
