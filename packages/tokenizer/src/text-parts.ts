import type { JsonObject } from "./json-reader.js";
import { bertNormalizer, readBertNormalization } from "./normalizers/bert.js";
import { deepestPart, type PreTokenizer, readPart, unsupportedPart } from "./part.js";
import { bertPreTokenizer } from "./pre-tokenizers/bert.js";
import { type ReferenceName, references } from "./reference.js";
import type { TokenizerSettings } from "./settings.js";
import type { TokenizerParts } from "./tokenizer-parts.js";

/** What a tokenizer.json does to a text before WordPiece: BERT's own normalisation and words, or parts in their place. */
export type TextParts = Pick<TokenizerSettings, "normalization" | "normalizer" | "preTokenizer">;

/** Reads the sections `normalizer` and `pre_tokenizer` of a file. */
export function readTextParts(file: JsonObject, reference: ReferenceName, given: TokenizerParts = {}): TextParts {
  const normalizers = readNormalizer(onlyPart(file.object("normalizer"), "normalizers"), reference, given);
  const section = onlyPart(file.object("pre_tokenizer"), "pretokenizers");
  const isPlain =
    normalizers.normalizer === undefined && (normalizers.normalization.cleanText || reference === "google");
  // Text that was not cleaned may have VT, FF and NEL, which BERT's own way does not know as white space.
  if (isPlain && section?.value("type") === bertPreTokenizer.type) return normalizers;
  return { ...normalizers, preTokenizer: readPreTokenizer(section, file, reference, given) };
}

const nothing = { cleanText: false, isolateCjk: false, stripAccents: false, lowerCase: false };

function readNormalizer(
  section: JsonObject | undefined,
  reference: ReferenceName,
  { normalizers = [] }: TokenizerParts,
): Pick<TokenizerSettings, "normalization" | "normalizer"> {
  if (section === undefined) return { normalization: nothing };
  if (section.value("type") === bertNormalizer.type) return { normalization: readBertNormalization(section) };
  const parts = [...new Set([bertNormalizer, ...normalizers])];
  return { normalization: nothing, normalizer: readPart(section, { parts, reference: references[reference] }) };
}

function readPreTokenizer(
  section: JsonObject | undefined,
  file: JsonObject,
  reference: ReferenceName,
  { preTokenizers = [] }: TokenizerParts,
): PreTokenizer {
  const parts = [...new Set([bertPreTokenizer, ...preTokenizers])];
  if (section !== undefined) return readPart(section, { parts, reference: references[reference] });
  if (preTokenizers.length === 0) throw unsupportedPart(`${file.path}.pre_tokenizer`, undefined, parts);
  return { json: { type: "Sequence", pretokenizers: [] }, split: (words) => words };
}

/** A section, or the only part of a sequence in its place. */
function onlyPart(section: JsonObject | undefined, field: string): JsonObject | undefined {
  let part = section;
  for (let depth = 1; part?.value("type") === "Sequence" && depth < deepestPart; depth++) {
    const [first, second] = part.list(field);
    if (first === undefined || second !== undefined) break;
    part = first;
  }
  return part;
}
