import type { CheckpointSource } from "@bertkit/checkpoint";
import { type ConfiguredEncoder, type EncoderFamily, findOutputWords } from "@bertkit/encoder-family";
import { Embedding, QuantizedEmbedding } from "@bertkit/layers";

/** Where a table is looked for, and the encoder whose own table it is like. */
export interface OutputWordsParts {
  readonly source: CheckpointSource;
  readonly family: EncoderFamily;
  readonly encoder: ConfiguredEncoder;
  readonly signal: AbortSignal | undefined;
  /** Takes what is to be disposed of, also where loading fails. */
  readonly owned: Disposable[];
}

/**
 * The output table of a language head that does not share the encoder's, in the precision of that one; undefined where
 * the file has none. It is to be asked for only where the configuration does not tie the two tables. Throws as
 * `Module.load` does.
 */
export async function loadOutputWords({
  source,
  family,
  encoder,
  signal,
  owned,
}: OutputWordsParts): Promise<Embedding | undefined> {
  const names = findOutputWords(family, source.entries);
  if (!names) return undefined;
  const { word } = encoder.embeddings;
  const [vocabulary, width] = word.weight.shape as readonly [number, number];
  const Table = word instanceof QuantizedEmbedding ? QuantizedEmbedding : Embedding;
  const words = new Table(vocabulary, width);
  owned.unshift(words);
  await words.load(source, encoder.backend, { names, signal });
  return words;
}
