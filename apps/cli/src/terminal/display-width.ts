/** How many columns of a terminal a text takes that has no control characters: two for what East Asia and emoji draw wide. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The start of a text that fits so many columns, with … where something is missing. */
export function shorten(text: string, columns: number): string {
  // What is far beyond the line need not be measured; a grapheme has a few code units, rarely a dozen.
  const start = text.slice(0, 16 * columns + 16);
  if (start.length === text.length && displayWidth(text) <= columns) return text;
  return `${fitting(start, columns - 1)}…`;
}

/** The end of a text that fits so many columns, with … where something is missing. */
export function shortenStart(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const graphemes = Array.from(segmenter.segment(text), ({ segment }) => segment).reverse();
  let [kept, left] = ["", columns - 1];
  for (const grapheme of graphemes) {
    left -= graphemeWidth(grapheme);
    if (left < 0) break;
    kept = grapheme + kept;
  }
  return `…${kept}`;
}

/** The text filled up with spaces to so many columns. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

function fitting(text: string, columns: number): string {
  let [kept, left] = ["", columns];
  for (const { segment } of segmenter.segment(text)) {
    left -= graphemeWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept.trimEnd();
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function graphemeWidth(grapheme: string): number {
  if (/^[\p{M}\p{Cf}]+$/u.test(grapheme)) return 0; // a mark, a joiner without anything to join
  // An emoji of itself, or a character that a variation selector makes one.
  if (/^\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  return wide.test(grapheme) ? 2 : 1;
}

// East Asian Width W and F (Unicode Standard Annex 11), the blocks that are wide as a whole.
const wide = new RegExp(
  `^[${[
    "\\u1100-\\u115f", // Hangul Jamo, leading consonants
    "\\u2e80-\\u303e", // CJK radicals and punctuation
    "\\u3041-\\ua4cf", // kana, Bopomofo, CJK compatibility, ideographs, Yi
    "\\ua960-\\ua97c", // Hangul Jamo extended A
    "\\uac00-\\ud7a3", // Hangul syllables
    "\\uf900-\\ufaff", // CJK compatibility ideographs
    "\\ufe10-\\ufe19\\ufe30-\\ufe6b", // vertical and small forms
    "\\uff01-\\uff60\\uffe0-\\uffe6", // fullwidth forms
    "\\u{16fe0}-\\u{1b2ff}", // Tangut, Khitan, Nushu, kana supplements
    "\\u{1f200}-\\u{1f265}", // enclosed ideographs
    "\\u{20000}-\\u{3fffd}", // ideographs of planes 2 and 3
  ].join("")}]`,
  "u",
);
