import { type EncoderFamily, type EncoderPlace, type HeadName, writtenNames } from "@bertkit/encoder-family";
import { type NameTable, ownNames } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";

/** What transformers' models of a family call their weights. */
export interface WeightNames {
  readonly encoder: NameTable;
  /** Throws `UnsupportedError` for a head that the family has no name for. */
  head(head: HeadName): NameTable;
  /** The path `weight`: a language head's table that is not the encoder's own. */
  readonly words: NameTable;
}

/** The names of a family's weights in a model of the encoder alone, or with a head on it. */
export function weightNames(family: EncoderFamily, place: EncoderPlace): WeightNames {
  return {
    encoder: writtenNames(family, place),
    head: (wanted) => {
      const table = family.heads[wanted]?.[0];
      if (table) return table;
      const known = Object.keys(family.heads).join(", ");
      throw new UnsupportedError(`${family.name} has no head of the kind ${wanted}; it has ${known}`);
    },
    words: family.outputWords[0] ?? ownNames,
  };
}
