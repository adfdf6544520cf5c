import type { Tagging } from "bertkit";
import { paint, type Style } from "../terminal/colors.js";
import { visibleText } from "../terminal/visible-text.js";
import { wrapText } from "../terminal/wrap-text.js";

/** How a page of entities looks. */
export interface EntitiesPageOptions {
  /** Of the terminal. */
  readonly columns: number;
  readonly colorOf: (type: string) => EntityColor;
}

const colors = ["cyan", "yellow", "green", "magenta", "blue", "red"] as const;

/** A colour for entities of a type. */
export type EntityColor = (typeof colors)[number];

/** Gives each type that comes another colour, as long as there are some. */
export function entityColors(): (type: string) => EntityColor {
  const types = new Map<string, EntityColor>();
  return (type) => {
    const color = types.get(type) ?? (colors[types.size % colors.length] as EntityColor);
    types.set(type, color);
    return color;
  };
}

/** A text with its entities marked as in `[Ann](PER) reads in [New York](LOC).`, in lines that fit the terminal. */
export function entitiesPage(tagging: Pick<Tagging, "text" | "entities">, options: EntitiesPageOptions): string {
  const pieces = piecesOf(tagging, options.colorOf);
  const lines = wrapText(pieces.map(({ text }) => text).join(""), options.columns - 1);
  const painter = piecePainter(pieces);
  return lines.map((line) => `${painter(line)}\n`).join("");
}

/** A stretch of a page in one style. */
interface Piece {
  readonly text: string;
  readonly style?: Style;
}

function piecesOf({ text, entities }: Pick<Tagging, "text" | "entities">, colorOf: (type: string) => EntityColor) {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { type, start, end } of entities) {
    const color = colorOf(type);
    pieces.push(
      { text: text.slice(at, start) },
      { text: "[", style: "dim" },
      { text: text.slice(start, end), style: ["underline", color] },
      { text: `](${type})`, style: ["dim", color] },
    );
    at = end;
  }
  return [...pieces, { text: text.slice(at) }].map((piece) => ({ ...piece, text: visibleText(piece.text) }));
}

/** Paints lines that are, one after the other, the pieces' texts end to end; space at their ends is left out. */
function piecePainter(pieces: readonly Piece[]): (line: string) => string {
  let [next, used] = [0, 0];
  return (line) => {
    let painted = "";
    let shown = line.trimEnd().length;
    for (let left = line.length; left > 0; ) {
      const { text, style } = pieces[next] as Piece;
      const part = text.slice(used, used + left);
      const visible = part.slice(0, shown);
      painted += style === undefined || visible === "" ? visible : paint(style, visible);
      shown -= visible.length;
      left -= part.length;
      used += part.length;
      if (used === text.length) [next, used] = [next + 1, 0];
    }
    return painted;
  };
}
