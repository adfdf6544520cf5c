// The official scripts are Python 3, whose words and white space are Unicode's; JavaScript's `\b` knows ASCII words only,
// and its `\s` has U+FEFF and lacks U+001C to U+001F and U+0085. Which code points are letters, numbers or punctuation
// is a matter of the Unicode version, here the JavaScript engine's.

/** What `str.isspace` of Python says yes to. */
const whiteSpace = "\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const runsOfWhiteSpace = new RegExp(`[${whiteSpace}]+`, "u");

/** A text's pieces between white space, as Python's `str.split()` without arguments gives them. */
export function splitWhiteSpace(text: string): string[] {
  return text.split(runsOfWhiteSpace).filter((piece) => piece !== "");
}

/** Finds each of some words where it stands alone, as Python's `\b(a|an|the)\b` does: marks are no part of a word. */
export function wholeWords(words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`, "gu");
}

/** Every character of Python's `string.punctuation`, which is ASCII's. */
export const asciiPunctuation = /[!-/:-@[-`{-~]/g;
