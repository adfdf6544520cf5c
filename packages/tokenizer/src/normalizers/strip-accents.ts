import { mapCharacters } from "../map-characters.js";
import type { NormalizerPart } from "../part.js";
import { codePointSet } from "../unicode/code-point-ranges.js";
import { mark9 } from "./unicode-tables.js";

/** `StripAccents`: drops marks of every kind and takes nothing apart, so NFD stands before it. */
export const stripAccentsNormalizer: NormalizerPart = {
  type: "StripAccents",
  read() {
    const isMark = codePointSet(mark9);
    const withoutMarks = {
      character: (codePoint: number) => (isMark(codePoint) ? "" : undefined),
      ascii: (text: string) => text,
    };
    return { json: { type: "StripAccents" }, normalize: (spans) => mapCharacters(spans, withoutMarks) };
  },
};
