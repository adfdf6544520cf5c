import { type Classify, cjkClass, markClass, removedClass, whitespaceClass } from "./character-classes.js";
import type { CharacterData } from "./character-data.js";
import { decomposeInOrder, mayMove } from "./decomposition.js";
import { type CharacterMap, mapCharacters } from "./map-characters.js";
import { type Span, textOf } from "./span.js";
import { isFinalSigma, lowerCaseOf14, lowerCaseOf17 } from "./unicode/case-mapping.js";

/** A step from spans that make one text together to spans that make the changed text. */
export type Stage = (spans: readonly Span[]) => readonly Span[];

/** Removes NUL, U+FFFD and control characters; every kind of white space becomes a space. */
export function cleanText(classify: Classify): Stage {
  return characterStage({
    character(codePoint) {
      const classes = classify(codePoint);
      if (classes & whitespaceClass) return " ";
      return classes & removedClass ? "" : undefined;
    },
    ascii: (text) => (/^[ -~\t\n\r]*$/.test(text) ? text.replace(/[\t\n\r]/g, " ") : undefined),
  });
}

/** Puts a space on either side of each CJK character, so that it becomes a word. */
export function isolateCjk(classify: Classify): Stage {
  return characterStage({
    character: (codePoint) => (classify(codePoint) & cjkClass ? ` ${String.fromCodePoint(codePoint)} ` : undefined),
    ascii: (text) => text,
  });
}

/** Takes characters apart (canonical decomposition) and drops their nonspacing marks. */
export function stripAccents(characters: CharacterData): Stage {
  const { classify, decompose } = characters;
  const isMark = (character: string) => (classify(character.codePointAt(0) as number) & markClass) !== 0;
  const withoutMarks = characterStage({
    character: remembered((codePoint) => [...decompose(codePoint)].filter((part) => !isMark(part)).join("")),
    ascii: (text) => text,
  });
  const moves = (span: Span) => hasCharacter(span, (codePoint) => mayMove(codePoint, characters));
  // Where no mark that stays can move, what happens to a character does not depend on its neighbours.
  return (spans) => (spans.some(moves) ? decomposeInOrder(spans, characters) : withoutMarks(spans));
}

/** Lower-cases one character at a time, so that no Σ becomes a final ς. */
export function lowerCase(lowerCaseOf: CharacterData["lowerCase"] = lowerCaseOf17): Stage {
  return characterStage({
    character: remembered(lowerCaseOf),
    ascii: (text) => text.toLowerCase(), // every engine does the same to ASCII
  });
}

/** Lower-cases a text as a whole: a Σ that ends a word becomes ς, as in Python and JavaScript. */
export function lowerCaseInContext(lowerCaseOf: CharacterData["lowerCase"] = lowerCaseOf14): Stage {
  const alone = lowerCase(lowerCaseOf);
  return (spans) => {
    const text = textOf(spans);
    if (!text.includes("Σ")) return alone(spans);
    let at = 0;
    return alone(
      spans.map((span) => {
        at += span.text.length;
        return span.text.includes("Σ") ? withFinalSigmas(span, text, at - span.text.length) : span;
      }),
    );
  };
}

/** A span with ς for each Σ that ends a word of the text in which it stands at a place. */
function withFinalSigmas({ text, start, end }: Span, whole: string, at: number): Span {
  return { text: text.replace(/Σ/g, (sigma, unit) => (isFinalSigma(whole, at + unit) ? "ς" : sigma)), start, end };
}

/** Whether a test holds for a character of a span. */
function hasCharacter({ text }: Span, test: (codePoint: number) => boolean): boolean {
  for (let at = 0; at < text.length; at++) {
    const codePoint = text.codePointAt(at) as number;
    if (test(codePoint)) return true;
    if (codePoint > 0xffff) at++;
  }
  return false;
}

function characterStage(map: CharacterMap): Stage {
  return (spans) => mapCharacters(spans, map);
}

/** Asks about each code point once. */
function remembered(change: (codePoint: number) => string): CharacterMap["character"] {
  const changes = new Map<number, string | undefined>();
  return (codePoint) => {
    const known = changes.get(codePoint);
    if (known !== undefined || changes.has(codePoint)) return known;
    const changed = change(codePoint);
    const answer = changed === String.fromCodePoint(codePoint) ? undefined : changed;
    changes.set(codePoint, answer);
    return answer;
  };
}
