import type { Stage } from "../normalization.js";
import type { NormalizerPart } from "../part.js";
import { textOf } from "../span.js";
import { codePointSet } from "../unicode/code-point-ranges.js";
import { decompositionOf12 } from "../unicode/decomposition-mapping.js";
import { type Change, charactersOf, joinCharacters, realign } from "./characters.js";
import { composed, decomposed, inCanonicalOrder } from "./composition.js";
import { compatibilityAfter9 } from "./unicode-tables.js";

/** `NFD`: canonical decomposition. */
export const nfdNormalizer: NormalizerPart = {
  type: "NFD",
  read: () => ({ json: { type: "NFD" }, normalize: formStage("NFD", canonical, inCanonicalOrder) }),
};

/** `NFC`: canonical decomposition, then composition. */
export const nfcNormalizer: NormalizerPart = {
  type: "NFC",
  read: () => ({ json: { type: "NFC" }, normalize: formStage("NFC", canonical, inComposedOrder) }),
};

/** `NFKD`: compatibility decomposition. */
export const nfkdNormalizer: NormalizerPart = {
  type: "NFKD",
  read: () => ({ json: { type: "NFKD" }, normalize: formStage("NFKD", compatibility(), inCanonicalOrder) }),
};

/** `NFKC`: compatibility decomposition, then composition. */
export const nfkcNormalizer: NormalizerPart = {
  type: "NFKC",
  read: () => ({ json: { type: "NFKC" }, normalize: formStage("NFKC", compatibility(), inComposedOrder) }),
};

/**
 * The engine only says whether a text is in the form already: one that is in the form of a newer Unicode is in that of an
 * older, which knows fewer decompositions, classes and compositions, and those it knows never change.
 */
function formStage(
  form: "NFC" | "NFD" | "NFKC" | "NFKD",
  parts: (character: string) => string,
  order: (changes: readonly Change[]) => Change[],
): Stage {
  return (spans) => {
    const text = textOf(spans);
    if (!longRun.test(text) && text.normalize(form) === text) return spans;
    const characters = charactersOf(spans);
    return joinCharacters(realign(characters, order(decomposed(characters, parts))));
  };
}

/** Engines take quadratic time to put marks in order. */
const longRun = /\p{M}{64}/u;

const inComposedOrder = (changes: readonly Change[]): Change[] => composed(inCanonicalOrder(changes));

const canonical = (character: string): string => decompositionOf12(character.codePointAt(0) as number);

/** The engine's decomposition, where Unicode 9.0 had it too; there it is the same in every later version. */
function compatibility(): (character: string) => string {
  const isLater = codePointSet(compatibilityAfter9);
  return (character) => (isLater(character.codePointAt(0) as number) ? character : character.normalize("NFKD"));
}
