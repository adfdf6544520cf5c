import { ShapeError } from "@bertkit/tensor";

/** The label of a token that has none, as in Hugging Face's data. */
export const noLabel = -100;

/**
 * Which tokens have a label, and those labels. [tokens] → [labelled] each. Throws `ShapeError` for another number of
 * labels than of tokens.
 */
export function labelledRows(labels: Int32Array, tokens: number): { rows: Int32Array; labels: Int32Array } {
  if (labels.length !== tokens) {
    throw new ShapeError(`${labels.length} labels for ${tokens} tokens: give each one, ${noLabel} where it has none`);
  }
  const rows: number[] = [];
  for (let row = 0; row < tokens; row++) if (labels[row] !== noLabel) rows.push(row);
  return { rows: Int32Array.from(rows), labels: labels.filter((label) => label !== noLabel) };
}
