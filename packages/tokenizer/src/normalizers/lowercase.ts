import { lowerCase } from "../normalization.js";
import type { NormalizerPart } from "../part.js";

/** `Lowercase`: one character at a time, so that no Σ becomes a final ς. */
export const lowercaseNormalizer: NormalizerPart = {
  type: "Lowercase",
  read: () => ({ json: { type: "Lowercase" }, normalize: lowerCase() }),
};
