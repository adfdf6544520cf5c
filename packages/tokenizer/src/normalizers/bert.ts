import type { JsonObject } from "../json-reader.js";
import type { NormalizerPart } from "../part.js";
import { bertNormalization, type NormalizationOptions } from "../reference.js";

/** `BertNormalizer`, where it is one part of several. */
export const bertNormalizer: NormalizerPart = {
  type: "BertNormalizer",
  read(section, { reference }) {
    const options = readBertNormalization(section);
    const stages = bertNormalization(options, reference);
    return {
      json: bertNormalizerJson(options),
      normalize: (spans) => stages.reduce((changed, stage) => stage(changed), spans),
    };
  },
};

/** The options of a `BertNormalizer`. */
export function readBertNormalization(section: JsonObject): NormalizationOptions {
  const lowerCase = section.boolean("lowercase", true);
  return {
    cleanText: section.boolean("clean_text", true),
    isolateCjk: section.boolean("handle_chinese_chars", true),
    stripAccents: section.boolean("strip_accents", lowerCase),
    lowerCase,
  };
}

/** Options as tokenizer.json spells them. */
export function bertNormalizerJson({ cleanText, isolateCjk, stripAccents, lowerCase }: NormalizationOptions) {
  return {
    type: "BertNormalizer",
    clean_text: cleanText,
    handle_chinese_chars: isolateCjk,
    strip_accents: stripAccents,
    lowercase: lowerCase,
  };
}
