import { BertTokenizer, Template, type TemplatePiece, type TokenizerSettings, Vocabulary } from "@bertkit/tokenizer";

/** A tokenizer as a message can carry it: a structured clone would lose the classes of its parts. */
export interface PackedTokenizer {
  readonly plain: Omit<TokenizerSettings, "vocabulary" | "templates">;
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly templates: { readonly single: readonly TemplatePiece[]; readonly pair: readonly TemplatePiece[] };
}

/** Takes a tokenizer apart. */
export function packTokenizer({ settings }: BertTokenizer): PackedTokenizer {
  const { vocabulary, templates, ...plain } = settings;
  const { single, pair } = templates;
  return {
    plain,
    vocabulary: new Map(vocabulary.entries()),
    templates: { single: single.pieces, pair: pair.pieces },
  };
}

/** The tokenizer again. */
export function unpackTokenizer({ plain, vocabulary, templates }: PackedTokenizer): BertTokenizer {
  return new BertTokenizer({
    ...plain,
    vocabulary: new Vocabulary(vocabulary),
    templates: { single: new Template(1, templates.single), pair: new Template(2, templates.pair) },
  });
}
