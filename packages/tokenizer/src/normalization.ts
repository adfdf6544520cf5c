import { type Classify, cjkClass, markClass, removedClass, whitespaceClass } from "./character-classes.js";
import { decompose, decomposeInOrder, hasMovingCharacter } from "./decomposition.js";
import { type CharacterMap, mapCharacters } from "./map-characters.js";
import { type Span, textOf } from "./span.js";

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
export function stripAccents(classify: Classify): Stage {
  const isMark = (character: string) => (classify(character.codePointAt(0) as number) & markClass) !== 0;
  const withoutMarks = characterStage({
    character: remembered((character) => [...decompose(character)].filter((part) => !isMark(part)).join("")),
    ascii: (text) => text,
  });
  // Where no mark that stays can move, what happens to a character does not depend on its neighbours.
  return (spans) => (spans.some(hasMovingCharacter) ? decomposeInOrder(spans, isMark) : withoutMarks(spans));
}

/** Lower-cases one character at a time, so that no Σ becomes a final ς. */
export function lowerCase(): Stage {
  return characterStage({
    character: remembered((character) => character.toLowerCase()),
    ascii: (text) => text.toLowerCase(),
  });
}

/** Lower-cases a text as a whole: a Σ that ends a word becomes ς, as in Python and JavaScript. */
export function lowerCaseInContext(): Stage {
  const alone = lowerCase();
  return (spans) => {
    const text = textOf(spans);
    if (!text.includes("Σ")) return alone(spans);
    const whole = text.toLowerCase(); // differs from character by character in final sigmas alone, so in no length
    let at = 0;
    return alone(spans).map(({ text: { length }, start, end }) => {
      at += length;
      return { text: whole.slice(at - length, at), start, end };
    });
  };
}

function characterStage(map: CharacterMap): Stage {
  return (spans) => mapCharacters(spans, map);
}

/** Asks about each code point once. */
function remembered(change: (character: string) => string): CharacterMap["character"] {
  const changes = new Map<number, string | undefined>();
  return (codePoint) => {
    const known = changes.get(codePoint);
    if (known !== undefined || changes.has(codePoint)) return known;
    const character = String.fromCodePoint(codePoint);
    const changed = change(character);
    const answer = changed === character ? undefined : changed;
    changes.set(codePoint, answer);
    return answer;
  };
}
