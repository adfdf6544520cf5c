import { type Classify, punctuationClass, whitespaceClass } from "./character-classes.js";
import type { Stage } from "./normalization.js";
import { textOf, wholeSpan } from "./span.js";

/** What becomes of a character: the kind in the lowest bits of its plan, and a value above them. */
export const kindBits = 7;
export const kindWidth = 3;
/** Joins the word, one unit for one unit, as the plan's value. */
export const letterKind = 1;
/** Ends the word. */
export const spaceKind = 2;
/** Is not there. */
export const removedKind = 3;
/** Is a word of its own, of the one unit that is the plan's value. */
export const aloneKind = 4;
/** The same, with white space put round it. */
export const isolatedKind = 5;
/** Becomes any other text; {@link CharacterPlans.text} has it. */
export const textKind = 6;
/** Depends on what stands around it. */
export const contextKind = 7;

/** A normalisation, and the words it is cut into, as what becomes of one character at a time. */
export interface CharacterRules {
  readonly normalize: Stage;
  readonly classify: Classify;
  /** Whether what becomes of a character depends on its neighbours. */
  readonly isContextual: (codePoint: number) => boolean;
}

/** What becomes of each character where that does not depend on its neighbours; found out when first asked. */
export class CharacterPlans {
  /** Plans by UTF-16 unit; 0 for half a pair, and for what nobody has asked about. */
  readonly units = new Int32Array(0x10000);
  readonly #pairs = new Map<number, number>();
  readonly #texts: string[] = [];
  readonly #rules: CharacterRules;

  constructor(rules: CharacterRules) {
    this.#rules = rules;
  }

  /** The plan of a character. */
  of(codePoint: number): number {
    const known = codePoint > 0xffff ? this.#pairs.get(codePoint) : this.units[codePoint];
    if (known) return known;
    const plan = this.#plan(codePoint);
    if (codePoint > 0xffff) this.#pairs.set(codePoint, plan);
    else this.units[codePoint] = plan;
    return plan;
  }

  /** The text that a plan of the kind {@link textKind} puts in the place of its character. */
  text(plan: number): string {
    return this.#texts[plan >> kindWidth] as string;
  }

  #plan(codePoint: number): number {
    const { normalize, classify, isContextual } = this.#rules;
    if (isContextual(codePoint)) return contextKind;
    const text = textOf(normalize([wholeSpan(String.fromCodePoint(codePoint))]));
    if (text === "") return removedKind;
    const isIsolated = text.length === 3 && text.startsWith(" ") && text.endsWith(" ");
    const unit = text.charCodeAt(isIsolated ? 1 : 0);
    const classes = classify(unit);
    if (text.length === 1 && classes & whitespaceClass) return spaceKind;
    if (isIsolated && !(classes & whitespaceClass)) return isolatedKind | (unit << kindWidth);
    if (text.length === 1 && classes & punctuationClass) return aloneKind | (unit << kindWidth);
    if (text.length === 1 && codePoint <= 0xffff) return letterKind | (unit << kindWidth);
    return textKind | ((this.#texts.push(text) - 1) << kindWidth);
  }
}
