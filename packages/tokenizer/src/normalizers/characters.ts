import type { Span } from "../span.js";

/** The characters of a text, each with the range of the source it stands for. */
export function charactersOf(spans: readonly Span[]): Span[] {
  const characters: Span[] = [];
  for (const { text, start, end } of spans) {
    const aligned = text.length === end - start;
    let at = start;
    for (const character of text) {
      characters.push(
        aligned ? { text: character, start: at, end: at + character.length } : { text: character, start, end },
      );
      at += character.length;
    }
  }
  return characters;
}

/** Characters as few spans: those that stand unit by unit for a stretch of the source make one together. */
export function joinCharacters(characters: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < characters.length; ) {
    const first = characters[from] as Span;
    let { text, end } = first;
    let to = from + 1;
    for (let next = first; isAligned(next); to++) {
      const follower = characters[to];
      if (follower === undefined || follower.start !== end || !isAligned(follower)) break;
      text += follower.text;
      end = follower.end;
      next = follower;
    }
    spans.push(to === from + 1 ? first : { text, start: first.start, end });
    from = to;
  }
  return spans;
}

const isAligned = ({ text, start, end }: Span): boolean => text.length === end - start;

/**
 * A character of a changed text: with 0 in the place of the next of the old, with a negative number in the place of that
 * and as many after it, with 1 beside what came before it.
 */
export interface Change {
  readonly character: string;
  readonly change: number;
}

/** Gives the characters of a changed text their ranges, as Hugging Face's `NormalizedString::transform` does. */
export function realign(old: readonly Span[], changed: Iterable<Change>): Span[] {
  const characters: Span[] = [];
  let at = 0;
  for (const { character, change } of changed) {
    const { start, end } = old[change > 0 ? Math.max(at - 1, 0) : at] as Span;
    characters.push({ text: character, start, end: change > 0 && at === 0 ? start : end });
    if (change <= 0) at += 1 - change;
  }
  return characters;
}
