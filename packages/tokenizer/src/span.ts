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

/** Cuts units `from` to `to` out of the text that several spans make together, any number of times. */
export function spanSlicer(spans: readonly Span[]): (from: number, to: number) => readonly Span[] {
  const ends: number[] = [];
  for (const { text } of spans) ends.push((ends.at(-1) ?? 0) + text.length);
  return (from, to) => {
    const kept: Span[] = [];
    for (let index = firstAbove(ends, from); index < spans.length; index++) {
      const span = spans[index] as Span;
      const at = (ends[index] as number) - span.text.length;
      if (at >= to) break;
      kept.push(sliceSpan(span, Math.max(from - at, 0), Math.min(to - at, span.text.length)));
    }
    return kept;
  };
}

/** The text that several spans make together. */
export function textOf(spans: readonly Span[]): string {
  if (spans.length === 1) return (spans[0] as Span).text;
  let text = "";
  for (const span of spans) text += span.text;
  return text;
}

/** The index of the first value above a limit, in values that never fall. */
function firstAbove(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
