import type { AddedToken } from "./added-tokens.js";
import type { DecoderOptions } from "./decoder.js";
import { countOf, type JsonObject, jsonObject, wrong } from "./json-reader.js";
import { type NormalizationOptions, type ReferenceName, references } from "./reference.js";
import type { StoredPadding, StoredTruncation, TokenizerSettings } from "./settings.js";
import { bertTemplates, Template, type TemplatePiece } from "./template.js";
import { modelMaxLength, readConfig, specialTokenIds, specialTokenNames } from "./tokenizer-config.js";
import { TokenizerError } from "./tokenizer-error.js";
import { Vocabulary } from "./vocabulary.js";

/** What may be said beside a `tokenizer.json`. */
export interface TokenizerJsonOptions {
  /** The `tokenizer_config.json`, as text or parsed, for the maximum length and the names of special tokens. */
  readonly config?: unknown;
  /** Whose behaviour to follow where they differ; `hugging-face` where absent. */
  readonly reference?: ReferenceName | undefined;
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
  partOf(file, "pre_tokenizer", ["BertPreTokenizer"]);
  return {
    reference,
    vocabulary,
    addedTokens,
    normalization: readNormalizer(partOf(file, "normalizer", ["BertNormalizer"], null)),
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
  return new Vocabulary(entries.counts());
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

function readNormalizer(normalizer: JsonObject | undefined): NormalizationOptions {
  if (normalizer === undefined) return { cleanText: false, isolateCjk: false, stripAccents: false, lowerCase: false };
  const lowerCase = normalizer.boolean("lowercase", true);
  return {
    cleanText: normalizer.boolean("clean_text", true),
    isolateCjk: normalizer.boolean("handle_chinese_chars", true),
    stripAccents: normalizer.boolean("strip_accents", lowerCase),
    lowerCase,
  };
}

function readTemplates(processor: JsonObject | undefined): TokenizerSettings["templates"] {
  if (processor === undefined) {
    const first: TemplatePiece = { sequence: 0, typeId: 0 };
    return { single: new Template(1, [first]), pair: new Template(2, [first, { sequence: 1, typeId: 1 }]) };
  }
  if (processor.value("type") === "BertProcessing") {
    return bertTemplates(namedId(processor, "cls"), namedId(processor, "sep"));
  }
  const tokens = processor.object("special_tokens");
  const pieces = (field: string): TemplatePiece[] => processor.list(field).map((piece) => readPiece(piece, tokens));
  return { single: new Template(1, pieces("single")), pair: new Template(2, pieces("pair")) };
}

/** The id in a pair `["[CLS]", 101]`. */
function namedId(processor: JsonObject, field: string): number {
  const pair = processor.value(field);
  const path = `${processor.path}.${field}`;
  if (!Array.isArray(pair) || pair.length !== 2) throw wrong(path, "a token with its id", pair);
  return countOf(pair[1], path);
}

function readPiece(piece: JsonObject, tokens: JsonObject | undefined): TemplatePiece {
  const sequence = piece.object("Sequence");
  if (sequence !== undefined) {
    return { sequence: sequence.oneOf("id", ["A", "B"]) === "A" ? 0 : 1, typeId: sequence.count("type_id") };
  }
  const special = piece.object("SpecialToken");
  if (special === undefined) throw wrong(piece.path, "a Sequence or a SpecialToken", undefined);
  const token = tokens?.object(special.string("id"));
  const ids = token?.value("ids");
  if (token === undefined || !Array.isArray(ids)) {
    throw wrong(special.path, "a token that special_tokens has ids for", special.value("id"));
  }
  return { ids: ids.map((id) => countOf(id, `${token.path}.ids`)), typeId: special.count("type_id") };
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
