import { questionWindows } from "@bertkit/data";
import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";
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
  /** As of `questionWindows`. Default three quarters of a window, so that neighbours share the fourth. */
  readonly stride?: number | undefined;
}

/**
 * A text as sequences that the model can read, special tokens round each: one where it fits, else windows that overlap.
 * A token is answered from the window that `questionWindows` chooses for it. Throws `TokenizerError` as that does.
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
  const room = maxLength - tokenizer.addedTokenCount();
  // Windows over a text are those over the context of a question that has no tokens.
  const windows = questionWindows(
    tokenizer,
    { question: "", context: text },
    { maxLength: room + tokenizer.addedTokenCount(true), stride: stride ?? room - Math.floor(room / 4) },
  );
  const pickRows = rowPicker(whole);
  const before = whole.specialMask.indexOf(0);
  const after = tokenizer.addedTokenCount() - before;
  for (const [index, { encoding, first, count, maxContext }] of windows.entries()) {
    const length = before + count + after;
    const rows = Int32Array.from({ length }, (_, at) => {
      if (at < before) return at;
      return at < before + count ? first + at : whole.length - length + at;
    });
    const context = encoding.sequenceIds.indexOf(1);
    const answersFor = new Uint8Array(length).fill(1);
    answersFor.set(maxContext.subarray(context, context + count), before);
    yield { length, encoding: pickRows(rows), whole, rows, answersFor, isLast: index === windows.length - 1 };
  }
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
