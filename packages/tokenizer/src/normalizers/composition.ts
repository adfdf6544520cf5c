import type { Span } from "../span.js";
import { combiningClassOf9, decompositionOf12 } from "../unicode/decomposition-mapping.js";
import type { Change } from "./characters.js";

/** Characters taken apart one by one, each with how it follows from what was there: 0 for the first of a character's parts. */
export function decomposed(characters: readonly Span[], parts: (character: string) => string): Change[] {
  const changes: Change[] = [];
  for (const { text: character } of characters) {
    let change = 0;
    for (const part of parts(character)) {
      changes.push({ character: part, change });
      change = 1;
    }
  }
  return changes;
}

/** Puts runs of combining characters into canonical order (the Unicode Standard, section 3.11). */
export function inCanonicalOrder(changes: readonly Change[]): Change[] {
  const classes = changes.map(classOf);
  const ordered: Change[] = [];
  for (let from = 0; from < changes.length; ) {
    let to = from + 1;
    if (classes[from] !== 0) while (to < changes.length && classes[to] !== 0) to++;
    if (to === from + 1) {
      ordered.push(changes[from] as Change);
    } else {
      const run = Array.from({ length: to - from }, (_, index) => from + index);
      run.sort((a, b) => (classes[a] as number) - (classes[b] as number) || a - b);
      for (const index of run) ordered.push(changes[index] as Change);
    }
    from = to;
  }
  return ordered;
}

/**
 * Composes what canonical order left in place (the Unicode Standard, section 3.11, D117). A composed character stands in
 * the place of the first part; the others are dropped, as in the crate that Hugging Face's tokenizers use.
 */
export function composed(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  let starter = -1; // its place in the result
  let lastClass = 0; // of what stands between the starter and the next character; 0 for nothing
  for (const part of changes) {
    const combiningClass = classOf(part);
    const blocked = lastClass !== 0 && (combiningClass === 0 || lastClass >= combiningClass);
    const first = blocked ? undefined : result[starter];
    const whole = first === undefined ? undefined : compose(first.character, part.character);
    if (first !== undefined && whole !== undefined) {
      result[starter] = { character: whole, change: first.change + part.change - 1 };
      continue;
    }
    if (combiningClass === 0) starter = result.length;
    lastClass = combiningClass;
    result.push(part);
  }
  return result;
}

const classOf = ({ character }: Change): number => combiningClassOf9(character.codePointAt(0) as number);

/** The character that two make together by Unicode 12.1, whatever the engine's version: a composition never changes. */
function compose(first: string, second: string): string | undefined {
  const pair = first + second;
  const whole = pair.normalize("NFC");
  if (whole.length === pair.length && whole === pair) return undefined;
  const codePoint = whole.codePointAt(0) as number;
  const isOne = whole.length === (codePoint > 0xffff ? 2 : 1);
  return isOne && decompositionOf12(codePoint) !== whole ? whole : undefined;
}
