import type { Span } from "./span.js";
import { decomposedLater, inRanges, keptCombining } from "./unicode-ranges.js";

/** The canonical decomposition of one character. */
export function decompose(character: string): string {
  return inRanges(decomposedLater, character.codePointAt(0) as number) ? character : character.normalize("NFD");
}

/** Whether a text has a character that canonical ordering may move and that is no mark to be dropped. */
export function hasMovingCharacter({ text }: Span): boolean {
  if (!mayMove.test(text)) return false;
  for (const character of text) {
    for (const part of decompose(character)) if (moves(part)) return true;
  }
  return false;
}

/**
 * Decomposes a text, puts runs of combining characters into canonical order and drops the marks. As in Hugging Face's
 * tokenizers, the nth character of the result that was not added by a decomposition stands for the nth of the source,
 * even where ordering has moved it; an added one stands for the same as the one before it.
 */
export function decomposeInOrder(spans: readonly Span[], isMark: (character: string) => boolean): readonly Span[] {
  const sources: Span[] = [];
  const parts: Part[] = [];
  for (const span of spans) {
    for (const source of characters(span)) {
      sources.push(source);
      [...decompose(source.text)].forEach((character, index) => {
        parts.push({ character, added: index > 0 });
      });
    }
  }
  const kept: Span[] = [];
  let source = -1;
  for (const { character, added } of inOrder(parts, (part) => isMark(part) || moves(part))) {
    if (!added) source++;
    const { start, end } = sources[Math.max(source, 0)] as Span;
    if (!isMark(character)) kept.push({ text: character, start, end });
  }
  return kept;
}

interface Part {
  readonly character: string;
  /** Whether it is a further character of a decomposition. */
  readonly added: boolean;
}

// These blocks, or planes of surrogates, hold all of them and all that decompose to them; a cheap first look.
const mayMove = /[\u08d4-\u08e1\u1b44-\u1dfb\u302e\u302f\ua953\ua9c0\ud804-\ud83a]/;

const moves = (character: string): boolean => inRanges(keptCombining, character.codePointAt(0) as number);

function* characters({ text, start, end }: Span): Iterable<Span> {
  const aligned = text.length === end - start;
  let at = start;
  for (const character of text) {
    yield aligned ? { text: character, start: at, end: at + character.length } : { text: character, start, end };
    at += character.length;
  }
}

/** The order of a run of combining characters is the engine's; each comes back with what was known of it. */
function inOrder(parts: readonly Part[], isCombining: (character: string) => boolean): Part[] {
  const ordered: Part[] = [];
  for (let from = 0; from < parts.length; ) {
    let to = from;
    while (to < parts.length && isCombining((parts[to] as Part).character)) to++;
    if (to === from) ordered.push(parts[to++] as Part);
    else ordered.push(...orderedRun(parts.slice(from, to)));
    from = to;
  }
  return ordered;
}

function orderedRun(run: readonly Part[]): Part[] {
  const waiting = new Map<string, Part[]>();
  for (const part of run) {
    const same = waiting.get(part.character);
    if (same === undefined) waiting.set(part.character, [part]);
    else same.push(part);
  }
  for (const same of waiting.values()) same.reverse();
  const text = run.map(({ character }) => character).join("");
  return [...text.normalize("NFD")].map((character) => waiting.get(character)?.pop() as Part);
}
