import { type EncoderFamily, type HeadName, writtenNames } from "@bertkit/encoder-family";
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

/** What the named encoder is in. */
export interface Surroundings {
  /** Whether it is a part of a model with a head: its names then begin with what the family is called. */
  readonly hasHead: boolean;
  /** That head, where it may have brought the encoder's pooler. */
  readonly head: HeadName | undefined;
}

/** The names of a family's weights in a model of the encoder alone, or with a head on it. */
export function weightNames(family: EncoderFamily, { hasHead, head }: Surroundings): WeightNames {
  const written = writtenNames(family, head);
  const prefix = hasHead ? `${family.modelTypes[0]}.` : "";
  const bringsPooler = head !== undefined && family.headPoolers?.[head] !== undefined;
  return {
    encoder: (path) => {
      const { name, transposed } = written(path);
      const isOfHead = bringsPooler && path.startsWith("pooler.");
      return { name: isOfHead ? name : prefix + name, transposed };
    },
    head: (wanted) => {
      const table = family.heads[wanted]?.[0];
      if (table) return table;
      const known = Object.keys(family.heads).join(", ");
      throw new UnsupportedError(`${family.name} has no head of the kind ${wanted}; it has ${known}`);
    },
    words: family.outputWords[0] ?? ownNames,
  };
}
