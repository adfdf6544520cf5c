import { displayWidth, shorten, shortenStart } from "../terminal/display-width.js";
import { visibleText } from "../terminal/visible-text.js";

/** A stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** An answer with what stands around it, each on one line. */
export interface Passage {
  readonly before: string;
  readonly answer: string;
  readonly after: string;
}

/**
 * The sentence that an answer stands in, with as many of those around it as fit so many columns of a terminal; of one
 * that is longer, what is nearest to the answer.
 */
export function passageAround(context: string, { start, end }: Stretch, room: number): Passage {
  const answer = shown(context.slice(start, end));
  const rest = Math.max(2, room - displayWidth(answer));
  const { first, last } = sentencesAround(context, { start, end }, rest);
  const before = shown(context.slice(first, start)).trimStart();
  const after = shown(context.slice(end, last)).trimEnd();
  const half = Math.floor(rest / 2);
  const widthBefore = Math.min(displayWidth(before), Math.max(half, rest - displayWidth(after)));
  return { before: shortenStart(before, widthBefore), answer, after: shorten(after, rest - widthBefore) };
}

const shown = (text: string): string => visibleText(text.replace(/\s+/g, " "));

/** From where to where sentences reach that fit beside the answer: that around it always, then one more at either side. */
function sentencesAround(
  context: string,
  { start, end }: Stretch,
  room: number,
): { readonly first: number; readonly last: number } {
  const from = Math.max(0, start - longestShown);
  const near = context.slice(from, end + longestShown).replace(lineEnd, (mark) => " ".repeat(mark.length));
  const bounds = [...Array.from(sentences.segment(near), ({ index }) => from + index), from + near.length];
  let first = bounds.findIndex((bound) => bound > start) - 1;
  let last = bounds.findIndex((bound) => bound >= end);
  const fits = (one: number, other: number): boolean =>
    displayWidth(shown(context.slice(bounds[one], start)) + shown(context.slice(end, bounds[other]))) <= room;
  for (let grown = true; grown; ) {
    grown = false;
    if (last + 1 < bounds.length && fits(first, last + 1)) [last, grown] = [last + 1, true];
    if (first > 0 && fits(first - 1, last)) [first, grown] = [first - 1, true];
  }
  return { first: bounds[first] as number, last: bounds[last] as number };
}

/** One that ends a line of a text and no paragraph; to the segmenter each would end a sentence. */
const lineEnd = /(?<![\r\n])\r?\n(?![\r\n])/g;

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Code units at either side of an answer that can matter to a few lines of a terminal. */
const longestShown = 4096;
