import { withPauses } from "../batching/with-pauses.js";

// Enough that messages are few, little enough that a stream is read hardly further ahead than a window.
const mostTexts = 256;
const mostUnits = 16384;
/** Milliseconds that texts wait for more. */
const patience = 30;

/** Texts in the pieces that they are sent to a worker in; a slow source's texts do not wait for a whole piece. */
export async function* textPieces(
  texts: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], undefined> {
  let piece: string[] = [];
  let units = 0;
  for await (const text of withPauses(texts, patience, signal)) {
    if (text !== undefined) {
      piece.push(text);
      units += text.length;
      if (piece.length < mostTexts && units < mostUnits) continue;
    }
    if (piece.length === 0) continue;
    yield piece;
    [piece, units] = [[], 0];
  }
  if (piece.length > 0) yield piece;
  return undefined;
}
