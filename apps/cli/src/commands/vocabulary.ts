import type { ReferenceName, TrainedVocabulary } from "@bertkit/tokenizer";
import { usageFailure } from "../failure.js";
import type { CommonFlags } from "../flags.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { printText } from "../output/print-text.js";
import type { RowSource } from "../rows/row.js";
import { note, warn } from "../terminal/notices.js";
import { trainingDisplay } from "../vocabulary/training-display.js";
import { openVocabularyOutput } from "../vocabulary/vocabulary-output.js";

/** The flags of `bertkit vocabulary train`. */
export interface VocabularyTrainFlags extends CommonFlags, InputFlags {
  readonly output: string;
  readonly size?: number;
  readonly minFrequency?: number;
  readonly alphabetLimit?: number;
  readonly specialTokens?: readonly string[];
  readonly lowerCase?: boolean;
  readonly stripAccents?: boolean;
  readonly reference?: ReferenceName;
  readonly wordLimit?: number;
}

/** Makes a vocabulary of texts, writes it, and says what it is made of. */
export async function trainVocabulary(
  texts: readonly string[],
  flags: VocabularyTrainFlags,
  signal: AbortSignal,
): Promise<void> {
  checkFlags(flags);
  const start = performance.now();
  const source = await openRows(texts, flags, signal);
  await using output = await openVocabularyOutput(flags.output, source.files, signal);
  const { vocabularyFiles } = await import("@bertkit/tokenizer");
  const trained = await train(source, flags, signal);
  await output.complete(vocabularyFiles(trained.tokens, flags));
  const statistics = statisticsOf(trained, (performance.now() - start) / 1000);
  if (flags.json) await printText(`${JSON.stringify({ output: flags.output, ...statistics }, null, 2)}\n`, signal);
  else if (flags.output !== "-") await printText(sentence(flags.output, statistics), signal);
  if (!flags.quiet) comment(source, trained, flags);
}

/** @throws {Failure} for flags that would make what no tokenizer opens, or mix two things in standard output. */
function checkFlags({ json, output, specialTokens }: VocabularyTrainFlags): void {
  if (json && output === "-") {
    throw usageFailure("--json and --output - would both write to standard output", "name a file with --output FILE");
  }
  const missing = ["[UNK]", "[CLS]", "[SEP]"].filter((token) => specialTokens?.includes(token) === false);
  if (missing.length === 0) return;
  throw usageFailure(
    `--special-tokens lacks ${missing.join(" and ")}, without which no tokenizer opens the vocabulary`,
    "name all that are to be in it: [PAD],[UNK],[CLS],[SEP],[MASK] and your own",
  );
}

async function train(
  source: RowSource,
  flags: VocabularyTrainFlags,
  signal: AbortSignal,
): Promise<TrainedVocabulary & { readonly counts: Float64Array }> {
  const tokenizer = await import("@bertkit/tokenizer");
  using display = await trainingDisplay(source.extent, flags);
  let position = 0;
  async function* texts(): AsyncGenerator<string> {
    for await (const row of source.rows) {
      position = row.position;
      yield row.text;
    }
  }
  const trained = await tokenizer.trainVocabulary(texts(), {
    ...flags,
    counts: true,
    signal,
    onProgress: (progress) => display?.update({ ...progress, position }),
  });
  return { ...trained, counts: trained.counts as Float64Array };
}

/** What a training came to. */
interface Statistics extends Omit<TrainedVocabulary, "tokens" | "counts"> {
  /** Tokens in the vocabulary. */
  readonly size: number;
  /** Tokens of the texts, cut with the vocabulary. */
  readonly tokens: number;
  readonly unknown: number;
  readonly seconds: number;
}

function statisticsOf(
  { tokens, counts, ...rest }: TrainedVocabulary & { readonly counts: Float64Array },
  seconds: number,
): Statistics {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const unknown = counts[tokens.indexOf("[UNK]")] as number;
  return { size: tokens.length, ...rest, tokens: all, unknown, seconds: Number(seconds.toFixed(3)) };
}

function sentence(output: string, { size, texts, words, distinctWords, tokens, unknown }: Statistics): string {
  const made = `${whole(size)} tokens from ${whole(texts)} texts, ${whole(distinctWords)} different words`;
  if (words === 0) return `${output}: ${made}\n`;
  const share = `${(tokens / words).toFixed(2)} tokens a word, ${((100 * unknown) / words).toFixed(2)} % of words unknown`;
  return `${output}: ${made}; ${share}\n`;
}

/** Tells what a person should know about the input and the vocabulary. */
function comment(source: RowSource, { tokens, countError }: TrainedVocabulary, flags: VocabularyTrainFlags): void {
  const { size = 30_522, minFrequency = 2 } = flags;
  const problem = source.warning();
  if (problem) warn(problem);
  const count = `${whole(tokens.length)} tokens instead of ${whole(size)}`;
  if (tokens.length < size) note(`${count}: no other two pieces come together ${whole(minFrequency)} times`);
  if (tokens.length > size) {
    warn(`${count}: so many are special or single characters; --alphabet-limit leaves out rare ones`);
  }
  if (countError > 0) {
    const by = `words may have been counted ${whole(countError)} times too few`;
    warn(`there were more different words than --word-limit: ${by}`);
  }
}

const whole = (count: number): string => count.toLocaleString("en");
