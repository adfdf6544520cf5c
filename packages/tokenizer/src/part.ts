import type { JsonObject } from "./json-reader.js";
import type { Stage } from "./normalization.js";
import type { Reference } from "./reference.js";
import type { Word } from "./split-words.js";
import { TokenizerError } from "./tokenizer-error.js";

/** A part as tokenizer.json spells it: plain values that JSON can hold. */
export type PartJson = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A normalizer of a tokenizer.json: what it does, and how the file spells it. */
export interface Normalizer {
  readonly json: PartJson;
  readonly normalize: Stage;
}

/** A pre-tokenizer of a tokenizer.json: how it cuts words further, and how the file spells it. */
export interface PreTokenizer {
  readonly json: PartJson;
  readonly split: (words: readonly Word[]) => readonly Word[];
}

/** A kind of part that a tokenizer.json can name. */
export interface Part<Made> {
  /** Its name in the field `type`. */
  readonly type: string;
  readonly read: (section: JsonObject, context: PartContext<Made>) => Made;
}

/** What the reading of a part may need beside its own section. */
export interface PartContext<Made> {
  readonly reference: Reference;
  /** Reads a part inside this one. */
  readonly read: (section: JsonObject) => Made;
}

export type NormalizerPart = Part<Normalizer>;
export type PreTokenizerPart = Part<PreTokenizer>;

/** How deep sequences may stand in sequences: no file needs more, and a hostile one would exhaust the stack. */
export const deepestPart = 16;

/**
 * Reads a section with whichever of the parts has its type.
 * @throws {TokenizerError} `unsupported` where none has, or parts stand inside each other too deep.
 */
export function readPart<Made>(
  section: JsonObject,
  { parts, reference }: { readonly parts: readonly Part<Made>[]; readonly reference: Reference },
  depth = 1,
): Made {
  if (depth > deepestPart) {
    throw new TokenizerError(
      "unsupported",
      `${section.path}: parts stand inside each other more than ${deepestPart} deep`,
    );
  }
  const type = section.value("type");
  const part = parts.find((known) => known.type === type);
  if (part === undefined) throw unsupportedPart(section.path, type, parts);
  return part.read(section, {
    reference,
    read: (inner) => readPart(inner, { parts, reference }, depth + 1),
  });
}

/** The error for a part that is not among those that are known. */
export function unsupportedPart(
  path: string,
  type: unknown,
  parts: readonly { readonly type: string }[],
): TokenizerError {
  const names = parts.map(({ type: name }) => name).join(", ");
  const came = typeof type === "string" ? type.slice(0, 80) : "none";
  const more = parts.length > 1 ? "" : ": pass `parts` with those that the file has, or everyPart";
  return new TokenizerError("unsupported", `${path}: wanted ${names}, not ${came}${more}`);
}
