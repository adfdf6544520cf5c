/**
 * A stretch of text and the range of the source it stands for, in UTF-16 units; every tokenizer stage maps spans to spans.
 * Where the text is as long as its range, unit i of the text stands for unit start + i of the source. Where it is not
 * (`ﬁ` folded, a syllable taken apart, a character with spaces put round it), every part of the text stands for the whole range.
 */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The whole of a text as one span. */
export function wholeSpan(text: string): Span {
  return { text, start: 0, end: text.length };
}

/** Units `from` to `to` of a span's text, with the range of the source that they stand for. */
export function sliceSpan(span: Span, from: number, to: number): Span {
  const { text, start, end } = span;
  if (from === 0 && to === text.length) return span;
  if (text.length !== end - start) return { text: text.slice(from, to), start, end };
  return { text: text.slice(from, to), start: start + from, end: start + to };
}

/** Units `from` to `to` of the text that several spans make together. */
export function sliceSpans(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const kept: Span[] = [];
  let at = 0;
  for (const span of spans) {
    const first = Math.max(from - at, 0);
    const last = Math.min(to - at, span.text.length);
    if (first < last) kept.push(sliceSpan(span, first, last));
    at += span.text.length;
    if (at >= to) break;
  }
  return kept;
}

/** The text that several spans make together. */
export function textOf(spans: readonly Span[]): string {
  if (spans.length === 1) return (spans[0] as Span).text;
  let text = "";
  for (const span of spans) text += span.text;
  return text;
}
