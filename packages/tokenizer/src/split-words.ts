import { type Classify, punctuationClass, whitespaceClass } from "./character-classes.js";
import { type Span, sliceSpan } from "./span.js";

/** The spans that make one word together; nearly always one. */
export type Word = readonly Span[];

/** Cuts a text at white space, which is dropped, and round each punctuation character, which is a word of its own. */
export function splitWords(spans: readonly Span[], classify: Classify): Word[] {
  const words: Word[] = [];
  let begun: Span[] = []; // the part in earlier spans of a word that goes on
  const endWord = (span: Span, from: number, to: number): void => {
    if (from < to) begun.push(sliceSpan(span, from, to));
    if (begun.length > 0) words.push(begun);
    begun = [];
  };
  for (const span of spans) {
    const { text } = span;
    let wordStart = 0;
    let at = 0;
    while (at < text.length) {
      const unit = text.charCodeAt(at);
      const codePoint = unit >= 0xd800 && unit <= 0xdfff ? (text.codePointAt(at) as number) : unit;
      const next = codePoint > 0xffff ? at + 2 : at + 1;
      const classes = classify(codePoint);
      if (classes & (whitespaceClass | punctuationClass)) {
        endWord(span, wordStart, at);
        if (classes & punctuationClass) words.push([sliceSpan(span, at, next)]);
        wordStart = next;
      }
      at = next;
    }
    if (wordStart < text.length) begun.push(sliceSpan(span, wordStart, text.length));
  }
  if (begun.length > 0) words.push(begun);
  return words;
}
