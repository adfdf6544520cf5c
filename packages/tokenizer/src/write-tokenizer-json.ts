import type { AddedToken } from "./added-tokens.js";
import type { BertTokenizer } from "./bert-tokenizer.js";
import { bertNormalizerJson } from "./normalizers/bert.js";
import type { StoredPadding, StoredTruncation, TokenizerSettings } from "./settings.js";
import type { Template } from "./template.js";
import type { Vocabulary } from "./vocabulary.js";

/**
 * The text of a tokenizer.json with which Hugging Face's library gives the same tokens. The format cannot say what only
 * the reference `google` does (final sigmas, special tokens in a text as words): there the library goes its own way. The
 * maximum length and the names of special tokens belong to a `tokenizer_config.json`.
 */
export function toTokenizerJson({ settings, vocabulary }: Pick<BertTokenizer, "settings" | "vocabulary">): string {
  const { normalizer, normalization, preTokenizer, decoder } = settings;
  const file = {
    version: "1.0",
    truncation: settings.truncation === undefined ? null : truncationJson(settings.truncation),
    padding: settings.padding === undefined ? null : paddingJson(settings.padding),
    added_tokens: [...settings.addedTokens].sort((a, b) => a.id - b.id).map(addedTokenJson),
    normalizer: normalizer?.json ?? bertNormalizerJson(normalization),
    pre_tokenizer: preTokenizer?.json ?? { type: "BertPreTokenizer" },
    post_processor: templatesJson(settings.templates, vocabulary),
    decoder:
      decoder.continuationPrefix === undefined
        ? null
        : { type: "WordPiece", prefix: decoder.continuationPrefix, cleanup: decoder.cleanUp },
    model: {
      type: "WordPiece",
      unk_token: settings.unknownToken,
      continuing_subword_prefix: settings.continuationPrefix,
      max_input_chars_per_word: settings.longestWord,
      vocab: Object.fromEntries(settings.vocabulary.entries()),
    },
  };
  return JSON.stringify(file, undefined, 2);
}

const strategies = { longest_first: "LongestFirst", only_first: "OnlyFirst", only_second: "OnlySecond" } as const;
const directions = { left: "Left", right: "Right" } as const;

function truncationJson({ maxLength, truncation, truncationSide, stride }: StoredTruncation) {
  return {
    direction: directions[truncationSide],
    max_length: maxLength,
    strategy: strategies[truncation],
    stride,
  };
}

function paddingJson({ length, side, multipleOf, id, typeId, token }: StoredPadding) {
  return {
    strategy: length === "longest" ? "BatchLongest" : { Fixed: length },
    direction: directions[side],
    pad_to_multiple_of: multipleOf ?? null,
    pad_id: id,
    pad_type_id: typeId,
    pad_token: token,
  };
}

function addedTokenJson({ content, id, special, normalized, singleWord, stripLeft, stripRight }: AddedToken) {
  return { id, content, single_word: singleWord, lstrip: stripLeft, rstrip: stripRight, normalized, special };
}

function templatesJson({ single, pair }: TokenizerSettings["templates"], vocabulary: Vocabulary) {
  const tokens = new Map<string, { id: string; ids: readonly number[]; tokens: readonly string[] }>();
  const pieces = (template: Template) =>
    template.pieces.map((piece) => {
      if ("sequence" in piece) return { Sequence: { id: "AB".charAt(piece.sequence), type_id: piece.typeId } };
      const names = piece.ids.map((id) => vocabulary.token(id) ?? String(id));
      const name = names.join(" ");
      tokens.set(name, { id: name, ids: piece.ids, tokens: names });
      return { SpecialToken: { id: name, type_id: piece.typeId } };
    });
  return {
    type: "TemplateProcessing",
    single: pieces(single),
    pair: pieces(pair),
    special_tokens: Object.fromEntries(tokens),
  };
}
