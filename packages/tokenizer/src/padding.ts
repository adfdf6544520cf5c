import type { Encoding } from "./encoding.js";
import { TokenizerError } from "./tokenizer-error.js";

/** How {@link padEncodings} fills up; the padding stored in a tokenizer.json, `tokenizer.settings.padding`, can be passed. */
export interface PaddingOptions {
  /** Tokens of every row, or those of the longest encoding; the longest where absent. */
  readonly length?: number | "longest" | undefined;
  /** What the length is rounded up to a multiple of. */
  readonly multipleOf?: number | undefined;
  /** The end that is filled up; `right` where absent. */
  readonly side?: "left" | "right" | undefined;
  /** The id to fill up with, `tokenizer.specialTokens.padding`; 0 where absent, as in every published BERT. */
  readonly id?: number | undefined;
  /** The type id of what is filled up; 0 where absent. */
  readonly typeId?: number | undefined;
}

/** Rows of equal length, one after the other. */
export interface PaddedBatch {
  readonly sequences: number;
  /** Tokens of every row. */
  readonly length: number;
  /** [sequences · length] */
  readonly ids: Int32Array;
  /** [sequences · length] */
  readonly typeIds: Int32Array;
  /** [sequences · length] 1 for the encodings' tokens, 0 for what was filled up. */
  readonly attentionMask: Int32Array;
}

/**
 * Encodings as rows of equal length, for those who want padded tensors.
 * @throws {TokenizerError} `invalid_option` where an encoding is longer than the length: cut it with `maxLength`.
 */
export function padEncodings(
  encodings: readonly Pick<Encoding, "ids" | "typeIds">[],
  options: PaddingOptions = {},
): PaddedBatch {
  const { side = "right", id = 0, typeId = 0 } = options;
  const sequences = encodings.length;
  const length = rowLength(encodings, options);
  const ids = new Int32Array(sequences * length).fill(id);
  const typeIds = new Int32Array(sequences * length).fill(typeId);
  const attentionMask = new Int32Array(sequences * length);
  encodings.forEach((encoding, sequence) => {
    const tokens = encoding.ids.length;
    const start = sequence * length + (side === "right" ? 0 : length - tokens);
    ids.set(encoding.ids, start);
    typeIds.set(encoding.typeIds, start);
    attentionMask.fill(1, start, start + tokens);
  });
  return { sequences, length, ids, typeIds, attentionMask };
}

function rowLength(
  encodings: readonly Pick<Encoding, "ids">[],
  { length = "longest", multipleOf = 1 }: PaddingOptions,
): number {
  const longest = encodings.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const wanted = length === "longest" ? longest : length;
  if (!Number.isInteger(wanted) || wanted < 0) {
    throw new TokenizerError("invalid_option", `length: wanted a whole number of tokens or "longest", not ${wanted}`);
  }
  if (!Number.isInteger(multipleOf) || multipleOf < 0) {
    throw new TokenizerError("invalid_option", `multipleOf: wanted a whole number, not ${multipleOf}`);
  }
  if (wanted < longest) {
    throw new TokenizerError(
      "invalid_option",
      `length: an encoding has ${longest} tokens, more than ${wanted}: pass maxLength when encoding`,
    );
  }
  return multipleOf > 1 ? Math.ceil(wanted / multipleOf) * multipleOf : wanted;
}
