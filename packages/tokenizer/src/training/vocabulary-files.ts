import { TokenizerError } from "../tokenizer-error.js";
import type { TrainingOptions } from "./training-options.js";

/** The files of a vocabulary, which `BertTokenizer.fromVocabulary` takes, and a folder of which transformers takes. */
export interface VocabularyFiles {
  /** The text of a `vocab.txt`. */
  readonly vocabulary: string;
  /** The text of a `tokenizer_config.json`. */
  readonly config: string;
}

/**
 * Writes tokens, in the order of their ids, and how they were trained, as files.
 * @throws {TokenizerError} `invalid_option` where a token has a line feed, with which a line ends.
 */
export function vocabularyFiles(
  tokens: readonly string[],
  { lowerCase = true, stripAccents = lowerCase }: Pick<TrainingOptions, "lowerCase" | "stripAccents"> = {},
): VocabularyFiles {
  const broken = tokens.find((token) => token.includes("\n"));
  if (broken !== undefined) {
    throw new TokenizerError("invalid_option", `vocab.txt: a line cannot hold ${JSON.stringify(broken)}`);
  }
  const config = {
    do_lower_case: lowerCase,
    strip_accents: stripAccents,
    tokenize_chinese_chars: true,
    tokenizer_class: "BertTokenizer",
  };
  return { vocabulary: tokens.map((token) => `${token}\n`).join(""), config: `${JSON.stringify(config, null, 2)}\n` };
}
