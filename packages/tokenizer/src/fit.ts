import type { FitOptions } from "./encode-options.js";
import { type Encoding, encodingOf, idsOf, type Stretch } from "./encoding.js";
import { references } from "./reference.js";
import type { TokenizerSettings } from "./settings.js";
import type { Template } from "./template.js";
import type { IdBuffer, TokenBuffer } from "./token-buffer.js";
import { type Truncation, type TruncationRequest, truncatedLengths } from "./truncation.js";
import type { Vocabulary } from "./vocabulary.js";

/** What the tokens of a text, or of two, are to fit into, and how they are cut where they don't. */
export interface Frame {
  readonly template: Template;
  readonly vocabulary: Vocabulary;
  /** How many tokens may stay, special tokens not counted. */
  readonly budget: number;
  readonly truncation: Truncation;
  readonly truncationSide: "left" | "right";
  readonly spareToken: TruncationRequest["spareToken"];
}

/** A tokenizer, as far as frames need it. */
interface Framing {
  readonly settings: TokenizerSettings;
  readonly vocabulary: Vocabulary;
}

/** What options ask for. Throws `TokenizerError` `maximum_too_short` without room for the special tokens. */
export function frameOf({ settings, vocabulary }: Framing, pair: boolean, options: FitOptions): Frame {
  const { maxLength, truncation = "longest_first", truncationSide = "right", addSpecialTokens = true } = options;
  const whole = settings.templates[pair ? "pair" : "single"];
  const template = addSpecialTokens ? whole : whole.bare();
  const budget = maxLength === undefined ? Number.POSITIVE_INFINITY : template.room(maxLength);
  const { spareToken } = references[settings.reference];
  return { template, vocabulary, budget, truncation, truncationSide, spareToken };
}

/** The encoding of a text, or of two, with what doesn't fit cut off. */
export function fitted(texts: readonly TokenBuffer[], frame: Frame): Encoding {
  return framed(fittingStretches(texts, frame), frame);
}

/** The ids alone of what `fitted` gives. */
export function fittedIds(texts: readonly IdBuffer[], frame: Frame): Int32Array {
  return idsOf(frame.template, fittingStretches(texts, frame));
}

function fittingStretches<Tokens extends { readonly length: number }>(
  texts: readonly Tokens[],
  frame: Frame,
): Stretch<Tokens>[] {
  const counts = fittingLengths(texts, frame);
  return texts.map((tokens, index) => {
    const count = counts[index] as number;
    return { tokens, count, from: frame.truncationSide === "right" ? 0 : tokens.length - count };
  });
}

/** How many tokens of each text fit beside those of the other. */
export function fittingLengths(texts: readonly { readonly length: number }[], frame: Frame): readonly number[] {
  const [first, second] = texts;
  const kept = truncatedLengths({ ...frame, first: first?.length ?? 0, second: second?.length });
  return second === undefined ? [kept.first] : [kept.first, kept.second];
}

/** Stretches of the texts' tokens in the places of the template. */
export function framed(stretches: readonly Stretch[], { template, vocabulary }: Frame): Encoding {
  const truncated = stretches.some(({ tokens, count }) => count < tokens.length);
  return encodingOf(template, stretches, { vocabulary, truncated });
}
