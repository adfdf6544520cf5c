import type { NormalizerPart } from "../part.js";
import { type FindMatches, readPattern } from "../patterns/pattern.js";
import { type Span, spanSlicer, textOf } from "../span.js";
import { charactersOf } from "./characters.js";

/** `Replace`: one text in the place of every match; it stands for the last character of the match. */
export const replaceNormalizer: NormalizerPart = {
  type: "Replace",
  read(section) {
    const { json, find } = readPattern(section);
    const content = section.string("content");
    const characters = [...content];
    return {
      json: { type: "Replace", pattern: json, content },
      normalize: (spans) => replaced(spans, find, characters),
    };
  },
};

function replaced(spans: readonly Span[], find: FindMatches, content: readonly string[]): readonly Span[] {
  const text = textOf(spans);
  const slice = spanSlicer(spans);
  const result: Span[] = [];
  let done = 0;
  for (const { from, to } of find(text)) {
    result.push(...slice(done, from));
    const { start, end } = characterBefore(text, to, slice);
    for (const character of content) result.push({ text: character, start, end });
    done = to;
  }
  if (done === 0 && result.length === 0) return spans;
  result.push(...slice(done, text.length));
  return result;
}

/** The range of the character that ends at a place; the start of the text where there is none. */
function characterBefore(
  text: string,
  at: number,
  slice: (from: number, to: number) => readonly Span[],
): { readonly start: number; readonly end: number } {
  const length = at > 1 && (text.codePointAt(at - 2) as number) > 0xffff ? 2 : 1;
  const [character] = charactersOf(at === 0 ? slice(0, 1) : slice(at - length, at));
  const start = character?.start ?? 0;
  return { start, end: at === 0 ? start : (character?.end ?? 0) };
}
