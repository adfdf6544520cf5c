import type { Span } from "./span.js";

/** What a stage does to one character, whatever stands around it. */
export interface CharacterMap {
  /** The text that takes the character's place ("" removes it), or undefined where it stays as it is. */
  character(codePoint: number): string | undefined;
  /** The same for a whole ASCII text at once, where that keeps its length; else undefined. */
  ascii(text: string): string | undefined;
}

/**
 * Applies a character map to spans that make one text together. Characters that keep their length stay in the span they
 * are in, so plain text remains one span; a character that changes length gets a span of its own, a removed one ends a span.
 */
export function mapCharacters(spans: readonly Span[], map: CharacterMap): readonly Span[] {
  const mapped: Span[] = [];
  for (const span of spans) {
    const { text, start, end } = span;
    if (text === "") continue;
    const ascii = isAscii(text) ? map.ascii(text) : undefined;
    if (ascii !== undefined) mapped.push(ascii === text ? span : { text: ascii, start, end });
    else if (text.length === end - start) mapUnits(span, map, mapped);
    else mapWhole(span, map, mapped);
  }
  return mapped;
}

const asciiText = /^[\0-\x7f]*$/;

/** Whether a text is made of ASCII alone. */
export function isAscii(text: string): boolean {
  return asciiText.test(text);
}

function mapUnits({ text, start }: Span, map: CharacterMap, mapped: Span[]): void {
  let run = ""; // mapped text of the units runStart … copied
  let runStart = 0;
  let copied = 0;
  const endRun = (at: number): void => {
    run += text.slice(copied, at);
    if (run !== "") mapped.push({ text: run, start: start + runStart, end: start + at });
    run = "";
  };
  let at = 0;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) as number;
    const next = at + (codePoint > 0xffff ? 2 : 1);
    const replacement = map.character(codePoint);
    if (replacement !== undefined) {
      if (replacement.length === next - at) {
        run += text.slice(copied, at) + replacement;
      } else {
        endRun(at);
        if (replacement !== "") mapped.push({ text: replacement, start: start + at, end: start + next });
        runStart = next;
      }
      copied = next;
    }
    at = next;
  }
  endRun(text.length);
}

function mapWhole({ text, start, end }: Span, map: CharacterMap, mapped: Span[]): void {
  let result = "";
  for (const character of text) result += map.character(character.codePointAt(0) as number) ?? character;
  if (result !== "") mapped.push({ text: result, start, end });
}
