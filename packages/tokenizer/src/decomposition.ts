import { markClass } from "./character-classes.js";
import type { CharacterData } from "./character-data.js";
import type { Span } from "./span.js";

/** Whether canonical ordering may move a character, or a part of it, that is no mark to be dropped. */
export function mayMove(codePoint: number, { classify, decompose, combiningClass }: CharacterData): boolean {
  if (codePoint < 0x300) return false; // nothing below is a combining character or has one that stays
  for (const part of decompose(codePoint)) {
    const partCode = part.codePointAt(0) as number;
    if (combiningClass(partCode) > 0 && !(classify(partCode) & markClass)) return true;
  }
  return false;
}

/**
 * Decomposes a text, puts runs of combining characters into canonical order and drops the marks. As in Hugging Face's
 * tokenizers, the nth character of the result that was not added by a decomposition stands for the nth of the source,
 * even where ordering has moved it; an added one stands for the same as the one before it.
 */
export function decomposeInOrder(spans: readonly Span[], characters: CharacterData): readonly Span[] {
  const { classify, decompose, combiningClass } = characters;
  const kept: Span[] = [];
  const run = new CombiningRun((codePoint, start, end) => {
    if (!(classify(codePoint) & markClass)) kept.push({ text: String.fromCodePoint(codePoint), start, end });
  });
  for (const span of spans) {
    forEachCharacter(span, (codePoint, start, end) => {
      let added = false;
      for (const part of decompose(codePoint)) {
        const partCode = part.codePointAt(0) as number;
        const order = combiningClass(partCode);
        if (order === 0) run.end();
        if (!added) run.addSource(start, end);
        run.add(partCode, order, added);
        added = true;
      }
    });
  }
  run.end();
  return kept;
}

function forEachCharacter(
  { text, start, end }: Span,
  visit: (codePoint: number, start: number, end: number) => void,
): void {
  const aligned = text.length === end - start;
  for (let at = 0; at < text.length; ) {
    const codePoint = text.codePointAt(at) as number;
    const next = at + (codePoint > 0xffff ? 2 : 1);
    if (aligned) visit(codePoint, start + at, start + next);
    else visit(codePoint, start, end);
    at = next;
  }
}

/** A character that nothing moves and the combining ones behind it, which leave in the order of their classes. */
class CombiningRun {
  readonly #emit: (codePoint: number, start: number, end: number) => void;
  /** Code points by class, in the order in which they came; as numbers without an object each, for runs may be long. */
  readonly #byClass = new Map<number, number[]>();
  /** Ranges of the source that no character has been given yet. */
  #ranges: number[] = [];
  #start = -1;
  #end = -1;

  constructor(emit: (codePoint: number, start: number, end: number) => void) {
    this.#emit = emit;
  }

  addSource(start: number, end: number): void {
    this.#ranges.push(start, end);
  }

  /** Takes one part of a character; `added` tells the further ones of a decomposition. */
  add(codePoint: number, order: number, added: boolean): void {
    const part = 2 * codePoint + (added ? 1 : 0);
    const same = this.#byClass.get(order);
    if (same === undefined) this.#byClass.set(order, [part]);
    else same.push(part);
  }

  end(): void {
    if (this.#byClass.size === 0) return;
    let next = 0;
    for (const order of [...this.#byClass.keys()].sort((a, b) => a - b)) {
      for (const part of this.#byClass.get(order) as number[]) {
        const added = part % 2 === 1;
        if (!added || this.#start < 0) {
          this.#start = this.#ranges[added ? 0 : next] as number;
          this.#end = this.#ranges[added ? 1 : next + 1] as number;
          if (!added) next += 2;
        }
        this.#emit(part >> 1, this.#start, this.#end);
      }
    }
    this.#byClass.clear();
    this.#ranges = [];
  }
}
