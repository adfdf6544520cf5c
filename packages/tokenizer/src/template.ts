import { TokenizerError } from "./tokenizer-error.js";

/** One place of a template: the tokens of a sequence, or special tokens with their ids. */
export type TemplatePiece =
  | { readonly sequence: 0 | 1; readonly typeId: number }
  | { readonly ids: readonly number[]; readonly typeId: number };

/** Where the sequences and the special tokens round them stand, `[CLS] A [SEP] B [SEP]`. */
export class Template {
  /** How many special tokens it adds. */
  readonly added: number;
  readonly pieces: readonly TemplatePiece[];
  /** Made when first asked for: `encode` without special tokens asks for it each time. */
  #bare: Template | undefined;

  /** @throws {TokenizerError} `unsupported` where a sequence is missing, or stands there twice. */
  constructor(sequences: 1 | 2, pieces: readonly TemplatePiece[]) {
    const found = pieces.flatMap((piece) => ("sequence" in piece ? [piece.sequence] : []));
    const wanted = sequences === 1 ? "A" : "A and B";
    if (found.length !== sequences || new Set(found).size !== sequences || (sequences === 1 && found[0] !== 0)) {
      const names = found.map((sequence) => "AB".charAt(sequence)).join(" ");
      throw new TokenizerError(
        "unsupported",
        `template: wanted ${wanted} once each, not ${names === "" ? "none" : names}`,
      );
    }
    this.pieces = pieces;
    this.added = pieces.reduce((sum, piece) => sum + ("ids" in piece ? piece.ids.length : 0), 0);
  }

  /**
   * How many tokens of the sequences fit into a maximum length.
   * @throws {TokenizerError} `invalid_option`; `maximum_too_short` where it has no room for the special tokens.
   */
  room(maxLength: number): number {
    if (!Number.isInteger(maxLength) || maxLength < 0) {
      throw new TokenizerError("invalid_option", `maxLength: wanted a whole number of tokens, not ${maxLength}`);
    }
    if (maxLength < this.added) {
      throw new TokenizerError(
        "maximum_too_short",
        `maxLength: ${maxLength} has no room for the ${this.added} special tokens: allow more, or turn addSpecialTokens off`,
      );
    }
    return maxLength - this.added;
  }

  /** The same without special tokens. */
  bare(): Template {
    if (this.#bare === undefined) {
      const sequences = this.pieces.filter((piece) => "sequence" in piece);
      this.#bare = new Template(sequences.length === 1 ? 1 : 2, sequences);
    }
    return this.#bare;
  }
}

/** BERT's templates: `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with type 1 from B on. */
export function bertTemplates(classifierId: number, separatorId: number): { single: Template; pair: Template } {
  const first: readonly TemplatePiece[] = [
    { ids: [classifierId], typeId: 0 },
    { sequence: 0, typeId: 0 },
    { ids: [separatorId], typeId: 0 },
  ];
  const second: readonly TemplatePiece[] = [
    { sequence: 1, typeId: 1 },
    { ids: [separatorId], typeId: 1 },
  ];
  return { single: new Template(1, first), pair: new Template(2, [...first, ...second]) };
}
