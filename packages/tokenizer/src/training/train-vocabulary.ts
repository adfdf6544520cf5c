import { countTokens } from "./count-tokens.js";
import { cutWords } from "./cut-words.js";
import { eachText } from "./each-text.js";
import { mergePairs } from "./merge-pairs.js";
import { Pieces } from "./pieces.js";
import { type TrainingOptions, trainingSettings } from "./training-options.js";
import { Turns } from "./turns.js";
import { WordCounter } from "./word-counter.js";

/** A vocabulary, and what it was made of. */
export interface TrainedVocabulary {
  /** In the order of their ids: the lines of a `vocab.txt`. */
  readonly tokens: readonly string[];
  /** For each token how often it is in the texts when they are tokenized with it; where the options ask for it. */
  readonly counts: Float64Array | undefined;
  readonly texts: number;
  /** Words that were seen, each as often as it was. */
  readonly words: number;
  /** Different words that the vocabulary was made of. */
  readonly distinctWords: number;
  /** Words that were left out, being too long. */
  readonly longWords: number;
  /** How much too small the count of a word may be: 0 unless there were more different words than `wordLimit`. */
  readonly countError: number;
}

/**
 * Makes a WordPiece vocabulary of texts, as Hugging Face's `BertWordPieceTokenizer.train` does: special tokens, then
 * the characters, then those that continue words, both in the order of their code points, then the pieces that
 * byte-pair encoding merges. Where theirs depends on chance (the ids of `##` characters, which of equally rare
 * characters stay) the smaller code point comes first, so that the same texts, in any order, give the same vocabulary.
 *
 * Special tokens and characters are never left out: with a `size` below theirs, they are the vocabulary.
 *
 * Texts are read as they come and not kept. Memory is that of the longest text and of the different words, of which
 * `wordLimit` are remembered. When there are more, the rarest are forgotten: `countError` says by how much counts may
 * be too small, and the order of the texts matters. Work pauses for the event loop every 15 ms, and an aborted signal
 * ends it then; only in a run of megabytes without white space it does not.
 * @throws {TokenizerError} `invalid_option`; the signal's reason where it is aborted.
 */
export async function trainVocabulary(
  texts: AsyncIterable<string> | Iterable<string>,
  options: TrainingOptions = {},
): Promise<TrainedVocabulary> {
  const { signal, onProgress } = options;
  const settings = trainingSettings(options);
  const turns = new Turns(signal);

  let read = 0;
  const reading = (): void => onProgress?.({ phase: "reading", done: read, total: undefined });
  const counter = new WordCounter(settings);
  for await (const text of eachText(texts, signal)) {
    await turns.complete(counter.add(text), reading);
    read++;
  }
  const table = await turns.complete(counter.finish(), reading);
  reading();

  const pieces = new Pieces(settings.continuationPrefix);
  const merging = (): void => onProgress?.({ phase: "merging", done: pieces.size, total: settings.size });
  for (const token of settings.specialTokens) pieces.add(token);
  const cut = await turns.complete(cutWords(table, pieces, settings.alphabetLimit), merging);
  await turns.complete(mergePairs(cut, pieces, settings), merging);
  merging();

  let counted = 0;
  const counting = (): void => onProgress?.({ phase: "counting", done: counted, total: table.length });
  const { tokens } = pieces;
  const { words, longWords, countError } = counter;
  const onWord = (): void => {
    counted++;
  };
  const work = countTokens(table, { ...settings, tokens, longWords, onWord });
  const counts = options.counts ? await turns.complete(work, counting) : undefined;
  if (options.counts) counting();
  return { tokens, counts, texts: read, words, distinctWords: table.length, longWords, countError };
}
