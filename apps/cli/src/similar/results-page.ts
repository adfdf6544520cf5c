import { paint } from "../terminal/colors.js";
import { displayWidth, padded, shorten, shortenStart } from "../terminal/display-width.js";
import { visibleText } from "../terminal/visible-text.js";
import { cosineStyle, scoreBar, scoreText } from "./score-bar.js";

/** What a page of results fits. */
export interface PageOptions {
  /** Of the terminal. */
  readonly columns: number;
  /** Whether scores are cosines, which have a scale of their own; else bars and colours are relative to the best. */
  readonly isCosine: boolean;
}

/** A text and where it stands; "" where nothing says so. */
export interface PageText {
  readonly text: string;
  readonly place: string;
}

/** A result: a score, and the texts that have it, below each other. */
export interface PageResult {
  readonly score: number;
  readonly texts: readonly PageText[];
}

/** A query as a heading. */
export function pageHeading(query: string, { columns }: PageOptions): string {
  return `${paint("bold", shorten(visibleText(query), columns - 1))}\n`;
}

/** A remark in place of results. */
export function pageRemark(remark: string): string {
  return `${paint("dim", `  ${remark}`)}\n`;
}

/**
 * Results in lines that fit the terminal, the columns below each other: a rank each if they are ranked, a bar, the score,
 * the place and as much of the text as there is room for.
 */
export function pageResults(results: readonly PageResult[], options: PageOptions, firstRank?: number): string {
  const ranks = results.map((_, i) => (firstRank === undefined ? "" : String(firstRank + i)));
  const scores = results.map(({ score }) => scoreText(score));
  const places = results.map(({ texts }) => texts.map(({ place }) => visibleText(place)));
  const widths = columnWidths({ ranks, scores, places: places.flat() }, options.columns);
  const best = Math.max(...results.map(({ score }) => score));
  const lines = results.flatMap(({ score, texts }, i) => {
    const share = options.isCosine ? score : best > 0 ? score / best : 0;
    const bar = paint(options.isCosine ? cosineStyle(score) : "cyan", scoreBar(share, widths.bar));
    const start = `${(ranks[i] as string).padStart(widths.rank)} ${bar} ${(scores[i] as string).padStart(widths.score)}`;
    const indent = " ".repeat(widths.rank + widths.bar + widths.score + 2);
    return texts.map(({ text }, line) => {
      const place = padded(shortenStart((places[i] as readonly string[])[line] as string, widths.place), widths.place);
      const placeColumn = widths.place > 0 ? `  ${paint("dim", place)}` : "";
      const shown = shorten(visibleText(text.slice(0, longestShown)), widths.text);
      return `${line === 0 ? start : indent}${placeColumn}  ${shown}`.trimEnd();
    });
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** Of a cosine below 0, so that the columns of results that are written one by one stand below each other. */
const narrowestScore = 6;

/** Code units of a text that can matter to a line of a terminal. */
const longestShown = 16384;

interface Texts {
  readonly ranks: readonly string[];
  readonly scores: readonly string[];
  readonly places: readonly string[];
}

function columnWidths({ ranks, scores, places }: Texts, columns: number) {
  const longest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
  const rank = longest(ranks) + 1;
  const score = Math.max(narrowestScore, longest(scores));
  const bar = Math.min(16, Math.max(4, Math.floor(columns / 8)));
  const place = Math.min(longest(places), Math.floor(columns / 4));
  const before = rank + 1 + bar + 1 + score + (place > 0 ? 2 + place : 0) + 2;
  return { rank, bar, score, place, text: Math.max(8, columns - 1 - before) };
}
