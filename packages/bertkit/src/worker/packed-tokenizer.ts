import {
  BertTokenizer,
  everyPart,
  Template,
  type TemplatePiece,
  type TokenizerSettings,
  toTokenizerJson,
  Vocabulary,
} from "@bertkit/tokenizer";

/** A tokenizer as a message can carry it: a structured clone would lose the classes of its parts. */
export type PackedTokenizer = PackedSettings | PackedFile;

/** BERT's own, which is taken apart faster than it is read from a file. */
interface PackedSettings {
  readonly plain: Omit<TokenizerSettings, "vocabulary" | "templates">;
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly templates: { readonly single: readonly TemplatePiece[]; readonly pair: readonly TemplatePiece[] };
}

/** One with parts that are functions. */
interface PackedFile {
  readonly tokenizerJson: string;
}

/** Takes a tokenizer apart. */
export function packTokenizer(tokenizer: BertTokenizer): PackedTokenizer {
  const { vocabulary, templates, ...plain } = tokenizer.settings;
  if (plain.normalizer || plain.preTokenizer) return { tokenizerJson: toTokenizerJson(tokenizer) };
  const { single, pair } = templates;
  return {
    plain,
    vocabulary: new Map(vocabulary.entries()),
    templates: { single: single.pieces, pair: pair.pieces },
  };
}

/** The tokenizer again; the longest input that its files allow is known only of BERT's own. */
export function unpackTokenizer(packed: PackedTokenizer): BertTokenizer {
  if ("tokenizerJson" in packed) return BertTokenizer.fromTokenizerJson(packed.tokenizerJson, { parts: everyPart });
  const { plain, vocabulary, templates } = packed;
  return new BertTokenizer({
    ...plain,
    vocabulary: new Vocabulary(vocabulary),
    templates: { single: new Template(1, templates.single), pair: new Template(2, templates.pair) },
  });
}
