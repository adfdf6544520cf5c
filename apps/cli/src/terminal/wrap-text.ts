import { displayWidth } from "./display-width.js";

/**
 * A text as lines of at most so many columns, each the stretch of the text that it shows: broken after white space,
 * which hangs over the end of its line, between ideographs, and within a word that fits no line.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text, columns)) {
    if (line !== "" && displayWidth(line + piece.trimEnd()) > columns) {
      lines.push(line);
      line = "";
    }
    line += piece;
  }
  return [...lines, line];
}

function* piecesOf(text: string, columns: number): Generator<string> {
  for (const piece of text.split(breaks)) {
    if (displayWidth(piece.trimEnd()) <= columns) yield piece;
    else for (const { segment } of graphemes.segment(piece)) yield segment;
  }
}

// After white space; after an ideograph or full-width mark that no closing mark follows.
const breaks =
  /(?<=\s)(?=\S)|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60])(?=[^\s\p{Pe}\p{Pf}\p{Po}])/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
