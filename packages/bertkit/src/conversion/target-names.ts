import { googleHeadRows, googleRows } from "@bertkit/bert-model";
import { CheckpointError } from "@bertkit/checkpoint";
import { type EncoderFamily, type HeadName, writtenNames } from "@bertkit/encoder-family";
import { type NameTable, nameTable } from "@bertkit/layers";
import type { Architecture } from "./architecture.js";

/** How the written file spells a model's parameters. */
export interface TargetNames {
  readonly encoder: NameTable;
  /** Mostly one table; of a language head whose bias has two names, two. Throws `CheckpointError` for a head it has no names for. */
  head(head: HeadName): readonly [NameTable, ...NameTable[]];
  /** The path `weight`: the table of an untied language head. Throws `CheckpointError` where it has no name. */
  words(): NameTable;
}

/** The names that transformers' class wants: its encoder's begin with what the family is called if there is a head. */
export function huggingFaceNames(
  family: EncoderFamily,
  { heads, detectsReplaced }: Architecture,
  tiesWords: boolean,
): TargetNames {
  return {
    encoder: writtenNames(family, { head: heads[0], inModel: heads.length > 0 || detectsReplaced }),
    head: (head) => {
      const spellings = family.heads[head] ?? [];
      const [table = missing(family, head)] = spellings;
      if (head !== "maskedLanguage") return [table];
      // transformers keeps the bias beside the decoder; an untied decoder has it a second time.
      const shared = spellings.find((other) => !other("decoder.bias").name.endsWith("decoder.bias")) ?? table;
      const hasTwo = !tiesWords && shared("decoder.bias").name !== table("decoder.bias").name;
      return hasTwo ? [shared, table] : [shared];
    },
    words: () => family.outputWords[0] ?? missing(family, "maskedLanguage"),
  };
}

function missing(family: EncoderFamily, head: HeadName): never {
  throw new CheckpointError("unsupported", `${family.name} has no names for a ${head} head`);
}

/** The names of google-research/bert. */
export const googleNames: TargetNames = {
  encoder: nameTable(googleRows),
  head: (head) => {
    const rows = googleHeadRows[head];
    if (rows) return [nameTable(rows)];
    throw new CheckpointError("unsupported", `google-research/bert has no ${head} head: write safetensors or ONNX`);
  },
  words: () => {
    throw new CheckpointError(
      "unsupported",
      "google-research/bert ties a masked-language head to the word table, and this model has another: write safetensors",
    );
  },
};
