import type { NormalizerPart } from "../part.js";
import { type Span, sliceSpan } from "../span.js";

/** `Prepend`: a text in front of any that is not empty; it stands for the first character there. */
export const prependNormalizer: NormalizerPart = {
  type: "Prepend",
  read(section) {
    const prepend = section.string("prepend");
    return { json: { type: "Prepend", prepend }, normalize: (spans) => withPrefix([...prepend], spans) };
  },
};

function withPrefix(prefix: readonly string[], spans: readonly Span[]): readonly Span[] {
  const first = spans.find(({ text }) => text !== "");
  if (first === undefined) return spans;
  const character = String.fromCodePoint(first.text.codePointAt(0) as number);
  const { start, end } = sliceSpan(first, 0, character.length);
  return [...prefix.map((text) => ({ text, start, end })), ...spans];
}
