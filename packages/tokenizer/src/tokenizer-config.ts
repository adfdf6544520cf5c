import type { AddedToken } from "./added-tokens.js";
import { JsonObject, jsonObject, wrong } from "./json-reader.js";
import { type ReferenceName, references } from "./reference.js";
import type { SpecialTokens, TokenizerSettings } from "./settings.js";
import { bertTemplates } from "./template.js";
import { TokenizerError } from "./tokenizer-error.js";
import type { Vocabulary } from "./vocabulary.js";

/** What may be said beside a `vocab.txt`. */
export interface ConfigOptions {
  /** The `tokenizer_config.json`, as text or parsed. */
  readonly config?: unknown;
  /** Whether to lower-case; goes before `do_lower_case` of the config. */
  readonly lowerCase?: boolean | undefined;
  /** Whose behaviour to follow where they differ; `hugging-face` where absent. */
  readonly reference?: ReferenceName | undefined;
}

/** The names that a config gives to the tokens with a part to play. */
export interface SpecialTokenNames {
  readonly unknown: string;
  readonly separator: string;
  readonly padding: string;
  readonly classifier: string;
  readonly mask: string;
}

/** The settings of a vocabulary with a `tokenizer_config.json`, or with BERT's defaults. */
export function configuredSettings(vocabulary: Vocabulary, options: ConfigOptions): TokenizerSettings {
  const config = readConfig(options.config);
  const reference = options.reference ?? "hugging-face";
  const lowerCase = options.lowerCase ?? givenBoolean(config, "do_lower_case") ?? guessedCase(vocabulary);
  const names = specialTokenNames(config);
  const specialTokens = specialTokenIds(vocabulary, names);
  const { classifier, separator } = specialTokens;
  if (classifier === undefined || separator === undefined) {
    const missing = classifier === undefined ? names.classifier : names.separator;
    throw new TokenizerError("missing_token", `the vocabulary lacks the special token ${JSON.stringify(missing)}`);
  }
  return {
    reference,
    vocabulary,
    addedTokens: Object.values(names).flatMap((content) => specialToken(content, vocabulary.id(content))),
    normalization: {
      cleanText: true,
      isolateCjk: config.boolean("tokenize_chinese_chars", true),
      stripAccents: givenBoolean(config, "strip_accents") ?? lowerCase,
      lowerCase,
    },
    unknownToken: names.unknown,
    continuationPrefix: "##",
    longestWord: references[reference].longestWord,
    templates: bertTemplates(classifier, separator),
    decoder: { continuationPrefix: "##", cleanUp: config.boolean("clean_up_tokenization_spaces", true) },
    specialTokens,
    modelMaxLength: modelMaxLength(config),
    truncation: undefined,
    padding: undefined,
  };
}

/** A `tokenizer_config.json` as an object; an empty one where there is none. */
export function readConfig(config: unknown): JsonObject {
  return config === undefined
    ? new JsonObject({}, "tokenizer_config.json")
    : jsonObject(config, "tokenizer_config.json");
}

/** `model_max_length`, unless it is the 10^30 that stands for "no limit was named". */
export function modelMaxLength(config: JsonObject): number | undefined {
  const value = config.value("model_max_length");
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !(value > 0))
    throw wrong(`${config.path}.model_max_length`, "a number above 0", value);
  return value <= 0x7fffffff ? Math.floor(value) : undefined;
}

/** The names that a config gives to special tokens, BERT's own where it gives none. */
export function specialTokenNames(config: JsonObject): SpecialTokenNames {
  return {
    unknown: tokenName(config, "unk_token", "[UNK]"),
    separator: tokenName(config, "sep_token", "[SEP]"),
    padding: tokenName(config, "pad_token", "[PAD]"),
    classifier: tokenName(config, "cls_token", "[CLS]"),
    mask: tokenName(config, "mask_token", "[MASK]"),
  };
}

/** The ids of named special tokens. */
export function specialTokenIds(vocabulary: Vocabulary, names: SpecialTokenNames): SpecialTokens {
  return {
    unknown: vocabulary.id(names.unknown),
    separator: vocabulary.id(names.separator),
    padding: vocabulary.id(names.padding),
    classifier: vocabulary.id(names.classifier),
    mask: vocabulary.id(names.mask),
  };
}

/** A special token is a string, or an object with its `content`. */
function tokenName(config: JsonObject, field: string, fallback: string): string {
  return typeof config.value(field) === "object"
    ? (config.object(field) as JsonObject).string("content")
    : config.string(field, fallback);
}

function givenBoolean(config: JsonObject, field: string): boolean | undefined {
  return config.value(field) === undefined ? undefined : config.boolean(field);
}

/** Lower case is the default of both references, but on a vocabulary with capitals that would be silently wrong. */
function guessedCase(vocabulary: Vocabulary): true {
  vocabulary.forEach((token) => {
    // Not \p{Lu}: an uncased vocabulary has ℝ, which has no lower case. Special tokens stand in brackets.
    if (!/^[[<]/.test(token) && token !== token.toLowerCase()) {
      throw new TokenizerError(
        "unknown_case",
        `the vocabulary has upper-case tokens (${JSON.stringify(token)}), and nothing says whether to lower-case: pass lowerCase, or a config with do_lower_case`,
      );
    }
  });
  return true;
}

function specialToken(content: string, id: number | undefined): AddedToken[] {
  if (id === undefined) return [];
  return [{ content, id, special: true, normalized: false, singleWord: false, stripLeft: false, stripRight: false }];
}
