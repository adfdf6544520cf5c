import { type NormalizationOptions, type Reference, type ReferenceName, references } from "../reference.js";
import { TokenizerError } from "../tokenizer-error.js";

/** How `trainVocabulary` goes about it. */
export interface TrainingOptions {
  /** Tokens to have in the end; 30,522 where absent. */
  readonly size?: number | undefined;
  /** Two pieces that are neighbours less often do not become one; 2 where absent. */
  readonly minFrequency?: number | undefined;
  /** Characters to have at most, the most frequent; 1,000 where absent, `Infinity` for all. */
  readonly alphabetLimit?: number | undefined;
  /** The first tokens, in this order; [PAD], [UNK], [CLS], [SEP] and [MASK] where absent. */
  readonly specialTokens?: readonly string[] | undefined;
  /** Whether to lower-case; true where absent. */
  readonly lowerCase?: boolean | undefined;
  /** Whether to drop accents; as `lowerCase` where absent. */
  readonly stripAccents?: boolean | undefined;
  /** Whose words the texts are cut into; `hugging-face` where absent. */
  readonly reference?: ReferenceName | undefined;
  /** What stands before a piece that continues a word; `##` where absent. */
  readonly continuationPrefix?: string | undefined;
  /** Words of more code points are left out, as they become [UNK]; the reference's limit where absent. */
  readonly longestWord?: number | undefined;
  /** Different words to remember at most, each about 250 bytes; 2,000,000 where absent. */
  readonly wordLimit?: number | undefined;
  /** Whether to count how often each token is in the texts. */
  readonly counts?: boolean | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far a training is. */
export interface TrainingProgress {
  readonly phase: "reading" | "merging" | "counting";
  /** Texts read; tokens made; different words whose tokens are counted. */
  readonly done: number;
  /** Unknown while texts are read. Merging ends sooner where no pair is frequent enough. */
  readonly total: number | undefined;
}

/** The options with what they are where absent. */
export interface TrainingSettings {
  readonly size: number;
  readonly minFrequency: number;
  readonly alphabetLimit: number;
  readonly specialTokens: readonly string[];
  readonly normalization: NormalizationOptions;
  readonly reference: Reference;
  readonly continuationPrefix: string;
  readonly longestWord: number;
  readonly wordLimit: number;
}

/** @throws {TokenizerError} `invalid_option`, which names every number that makes no sense. */
export function trainingSettings(options: TrainingOptions): TrainingSettings {
  const { lowerCase = true, stripAccents = lowerCase } = options;
  const name = options.reference ?? "hugging-face";
  if (!Object.hasOwn(references, name)) {
    throw new TokenizerError(
      "invalid_option",
      `reference: wanted ${Object.keys(references).join(" or ")}, not ${name}`,
    );
  }
  const reference = references[name];
  const settings = {
    size: options.size ?? 30_522,
    minFrequency: options.minFrequency ?? 2,
    alphabetLimit: options.alphabetLimit ?? 1000,
    specialTokens: options.specialTokens ?? ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    normalization: { cleanText: true, isolateCjk: true, stripAccents, lowerCase },
    reference,
    continuationPrefix: options.continuationPrefix ?? "##",
    longestWord: options.longestWord ?? reference.longestWord,
    wordLimit: options.wordLimit ?? 2_000_000,
  };
  const problems = Object.entries(limits).flatMap(([name, limit]) => {
    const value = settings[name as keyof typeof limits];
    const isFine = (Number.isInteger(value) && value >= limit.least && value <= limit.most) || value === limit.or;
    return isFine ? [] : [`${name}: wanted a whole number from ${limit.least} to ${limit.most}, not ${value}`];
  });
  if (problems.length > 0) throw new TokenizerError("invalid_option", problems.join("; "));
  return settings;
}

/** What numbers may be; those at the top keep ids, and memory, within what their arrays can hold. */
const limits = {
  size: { least: 1, most: 2 ** 24, or: undefined },
  minFrequency: { least: 0, most: Number.MAX_SAFE_INTEGER, or: undefined },
  alphabetLimit: { least: 0, most: Number.MAX_SAFE_INTEGER, or: Number.POSITIVE_INFINITY },
  longestWord: { least: 1, most: 1000, or: undefined },
  wordLimit: { least: 1, most: 2 ** 25, or: undefined },
};
