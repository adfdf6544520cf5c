import { tokenWindows } from "@bertkit/data";
import { type BertTokenizer, type Encoding, TokenizerError } from "@bertkit/tokenizer";
import type { TaskSequence } from "./task-model.js";

/** As much of a text as the model reads at once. */
export interface TextWindow extends TaskSequence {
  /** The whole text's. */
  readonly whole: Encoding;
  /** [tokens of the window] Which of the whole text's tokens each is. */
  readonly rows: Int32Array;
  /** [tokens of the window] 1 where the window answers for the token: for special ones all do, else one window. */
  readonly answersFor: Uint8Array;
  /** Whether the text ends here. */
  readonly isLast: boolean;
}

/** How windows are cut. */
export interface TextWindowOptions {
  /** Tokens of a window at most, special tokens included. */
  readonly maxLength: number;
  /** As of `tokenWindows`. Default three quarters of a window, so that neighbours share the fourth. */
  readonly stride?: number | undefined;
}

/**
 * A text as sequences that the model can read, special tokens round each: one where it fits, else windows that overlap.
 * A token is answered from the window that `tokenWindows` chooses for it.
 * @throws {TokenizerError} `invalid_option` for a stride that is none; `maximum_too_short` where special tokens leave no
 * room.
 */
export function* textWindows(
  tokenizer: BertTokenizer,
  text: string,
  { maxLength, stride }: TextWindowOptions,
): Generator<TextWindow> {
  const whole = tokenizer.encode(text);
  if (whole.length <= maxLength) {
    yield wholeWindow(whole);
    return;
  }
  const special = tokenizer.addedTokenCount();
  const room = roomForText(special, maxLength);
  const { spans, holders } = tokenWindows(whole.length - special, {
    room,
    stride: stride ?? room - Math.floor(room / 4),
  });
  const pickRows = rowPicker(whole);
  const before = whole.specialMask.indexOf(0);
  for (const [index, { first, count }] of spans.entries()) {
    const length = count + special;
    const answersFor = new Uint8Array(length).fill(1);
    const rows = Int32Array.from({ length }, (_, at) => {
      if (at < before) return at;
      return at < before + count ? first + at : whole.length - length + at;
    });
    for (let at = 0; at < count; at++) if (holders[first + at] !== index) answersFor[before + at] = 0;
    yield { length, encoding: pickRows(rows), whole, rows, answersFor, isLast: index === spans.length - 1 };
  }
}

function roomForText(special: number, maxLength: number): number {
  if (maxLength > special) return maxLength - special;
  throw new TokenizerError(
    "maximum_too_short",
    `maxLength: ${maxLength} has no room for text beside ${special} special tokens: allow more`,
  );
}

function wholeWindow(whole: Encoding): TextWindow {
  const { length } = whole;
  const rows = Int32Array.from({ length }, (_, row) => row);
  return { length, encoding: whole, whole, rows, answersFor: new Uint8Array(length).fill(1), isLast: true };
}

/** Makes encodings of some of an encoding's tokens. */
function rowPicker({ ids, typeIds, tokens, ranges, wordIds, sequenceIds, specialMask }: Encoding) {
  return (rows: Int32Array): Encoding => ({
    length: rows.length,
    ids: rows.map((row) => ids[row]!),
    typeIds: rows.map((row) => typeIds[row]!),
    tokens: Array.from(rows, (row) => tokens[row]!),
    ranges: Int32Array.from({ length: 2 * rows.length }, (_, i) => ranges[2 * rows[i >> 1]! + (i & 1)]!),
    wordIds: rows.map((row) => wordIds[row]!),
    sequenceIds: rows.map((row) => sequenceIds[row]!),
    specialMask: Uint8Array.from(rows, (row) => specialMask[row]!),
    truncated: false,
  });
}
