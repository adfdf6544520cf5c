/**
 * The text with what would move the cursor, end the line or turn the direction shown as escapes, on one line: a tab is
 * `\t`, an escape `\u001b`.
 */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => named.get(character) ?? escaped(character));
}

// Control characters, lone surrogates, line and paragraph separators, and those that reorder what stands around them.
const hidden = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const named: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
