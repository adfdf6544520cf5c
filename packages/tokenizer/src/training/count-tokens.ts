import { wholeSpan } from "../span.js";
import { TokenBuffer } from "../token-buffer.js";
import { Vocabulary } from "../vocabulary.js";
import { WordPiece } from "../word-piece.js";
import type { Work } from "./turns.js";
import type { WordTable } from "./word-table.js";

/** What {@link countTokens} needs besides the words. */
export interface TokenCountOptions {
  readonly tokens: readonly string[];
  readonly continuationPrefix: string;
  readonly longestWord: number;
  /** Words of the texts that are not in the table, being too long. */
  readonly longWords: number;
  /** Called after each word of the table. */
  readonly onWord: () => void;
}

/** How often each token is in the texts when they are tokenized with it. [UNK] is counted only where it is a token. */
export function* countTokens(words: WordTable, options: TokenCountOptions): Work<Float64Array> {
  const { tokens, continuationPrefix, longestWord, longWords, onWord } = options;
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const unknownToken = "[UNK]";
  if (!ids.has(unknownToken)) ids.set(unknownToken, tokens.length);
  const model = new WordPiece({ vocabulary: new Vocabulary(ids), unknownToken, continuationPrefix, longestWord });
  const counts = new Float64Array(tokens.length + 1);
  const found = new TokenBuffer();
  for (let word = 0; word < words.length; word++) {
    if (word % 64 === 0) yield;
    found.clear();
    model.tokenize([wholeSpan(words.word(word))], 0, found);
    for (const id of found.ids.subarray(0, found.length)) counts[id] = (counts[id] as number) + words.count(word);
    onWord();
  }
  counts[model.unknownId] = (counts[model.unknownId] as number) + longWords;
  return counts.subarray(0, tokens.length);
}
