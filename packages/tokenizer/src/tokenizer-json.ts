import type { AddedToken } from "./added-tokens.js";
import type { DecoderOptions } from "./decoder.js";
import { type JsonObject, jsonObject, wrong } from "./json-reader.js";
import { readTemplates } from "./post-processing.js";
import { type ReferenceName, references } from "./reference.js";
import type { StoredPadding, StoredTruncation, TokenizerSettings } from "./settings.js";
import { readTextParts } from "./text-parts.js";
import { modelMaxLength, readConfig, specialTokenIds, specialTokenNames } from "./tokenizer-config.js";
import { TokenizerError } from "./tokenizer-error.js";
import type { TokenizerParts } from "./tokenizer-parts.js";
import { Vocabulary } from "./vocabulary.js";

/** What may be said beside a `tokenizer.json`. */
export interface TokenizerJsonOptions {
  /** The `tokenizer_config.json`, as text or parsed, for the maximum length and the names of special tokens. */
  readonly config?: unknown;
  /** Whose behaviour to follow where they differ; `hugging-face` where absent. */
  readonly reference?: ReferenceName | undefined;
  /** Normalizers and pre-tokenizers that the file may have beside BERT's own, `everyPart` for all; none where absent. */
  readonly parts?: TokenizerParts | undefined;
}

/** The settings in a `tokenizer.json`, given as text or parsed. */
export function tokenizerJsonSettings(json: unknown, options: TokenizerJsonOptions): TokenizerSettings {
  const file = jsonObject(json, "tokenizer.json");
  const config = readConfig(options.config);
  const reference = options.reference ?? "hugging-face";
  const model = partOf(file, "model", ["WordPiece"], "WordPiece") as JsonObject;
  const vocabulary = readVocabulary(model);
  const unknownToken = model.string("unk_token", "[UNK]");
  const addedTokens = file.list("added_tokens").map(readAddedToken);
  return {
    reference,
    vocabulary,
    addedTokens,
    ...readTextParts(file, reference, options.parts),
    unknownToken,
    continuationPrefix: model.string("continuing_subword_prefix", "##"),
    longestWord: model.count("max_input_chars_per_word", references[reference].longestWord),
    templates: readTemplates(partOf(file, "post_processor", ["BertProcessing", "TemplateProcessing"], null)),
    decoder: readDecoder(partOf(file, "decoder", ["WordPiece"], null)),
    specialTokens: specialTokenIds(vocabulary, { ...specialTokenNames(config), unknown: unknownToken }),
    modelMaxLength: modelMaxLength(config),
    truncation: readTruncation(file.object("truncation")),
    padding: readPadding(file.object("padding")),
  };
}

/**
 * A part of the file whose type is one of those we know. `absent` says what the part is where the file has none (null:
 * nothing), or no type; without it the part must be there.
 */
function partOf(
  file: JsonObject,
  name: string,
  types: readonly string[],
  absent?: string | null,
): JsonObject | undefined {
  const part = file.object(name);
  if (part === undefined && absent === null) return undefined;
  const type = part?.value("type") ?? (part === undefined ? undefined : absent);
  if (part !== undefined && types.some((known) => known === type)) return part;
  throw new TokenizerError(
    "unsupported",
    `${file.path}.${name}: wanted ${types.join(" or ")}, not ${typeof type === "string" ? type : "none"}: this is no BERT tokenizer`,
  );
}

function readVocabulary(model: JsonObject): Vocabulary {
  const entries = model.object("vocab");
  if (entries === undefined) throw wrong(`${model.path}.vocab`, "an object of tokens and ids", undefined);
  const vocabulary = new Vocabulary(entries.counts());
  refuseSharedIds(vocabulary, entries.path);
  return vocabulary;
}

/** Of two tokens with one id the library keeps either, as it happens. */
function refuseSharedIds(vocabulary: Vocabulary, path: string): void {
  // Ids of a broken file may be anything up to 2^31: only those that a vocabulary could have get a byte each.
  const taken = new Uint8Array(Math.min(vocabulary.size, 0x1000000));
  const beyond = new Set<number>();
  vocabulary.forEach((token, id) => {
    if (taken[id] === 1 || beyond.has(id)) {
      throw wrong(`${path}[${JSON.stringify(token)}]`, "an id that no other token has", id);
    }
    if (id < taken.length) taken[id] = 1;
    else beyond.add(id);
  });
}

function readAddedToken(token: JsonObject): AddedToken {
  const special = token.boolean("special", false);
  return {
    content: token.string("content"),
    id: token.count("id"),
    special,
    normalized: token.boolean("normalized", !special),
    singleWord: token.boolean("single_word", false),
    stripLeft: token.boolean("lstrip", false),
    stripRight: token.boolean("rstrip", false),
  };
}

function readDecoder(decoder: JsonObject | undefined): DecoderOptions {
  if (decoder === undefined) return { continuationPrefix: undefined, cleanUp: false };
  return { continuationPrefix: decoder.string("prefix", "##"), cleanUp: decoder.boolean("cleanup", true) };
}

const strategies = { LongestFirst: "longest_first", OnlyFirst: "only_first", OnlySecond: "only_second" } as const;

function readTruncation(section: JsonObject | undefined): StoredTruncation | undefined {
  if (section === undefined) return undefined;
  const strategy = section.oneOf("strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"], "LongestFirst");
  return {
    maxLength: section.count("max_length"),
    truncation: strategies[strategy],
    truncationSide: sideOf(section),
    stride: section.count("stride", 0),
  };
}

function readPadding(section: JsonObject | undefined): StoredPadding | undefined {
  if (section === undefined) return undefined;
  const longest = section.value("strategy") === "BatchLongest";
  return {
    length: longest ? "longest" : (section.object("strategy")?.count("Fixed") ?? "longest"),
    side: sideOf(section),
    multipleOf: section.value("pad_to_multiple_of") === undefined ? undefined : section.count("pad_to_multiple_of"),
    id: section.count("pad_id", 0),
    typeId: section.count("pad_type_id", 0),
    token: section.string("pad_token", "[PAD]"),
  };
}

const sideOf = (section: JsonObject): "left" | "right" =>
  section.oneOf("direction", ["Left", "Right"], "Right") === "Left" ? "left" : "right";
