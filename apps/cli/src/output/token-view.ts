import type { Encoding } from "@bertkit/tokenizer";
import { colorsOn, paint, type Style } from "../terminal/colors.js";
import { visibleText } from "../terminal/visible-text.js";

/** The parts of an encoding that a view needs. */
export type ViewedTokens = Pick<Encoding, "tokens" | "ranges" | "specialMask">;

/** How colours, where there are some, are told from their absence. */
export interface TokenViewOptions {
  readonly unknownToken: string;
  /** Whether colours tell tokens apart; bars do where they don't. */
  readonly colors?: boolean;
}

const styles: readonly [Style, Style] = [
  ["black", "bgCyan"],
  ["black", "bgYellow"],
];
const unknownStyle: Style = ["black", "bgRed"];

/**
 * A text on one line with its tokens in two colours by turns, unknown words in a third, what was cut off or belongs to no
 * token as it is; then how many tokens it has. Without colours there are bars where tokens meet: `un|aff|able`.
 */
export function tokenView(text: string, encoding: ViewedTokens, options: TokenViewOptions): string {
  const { unknownToken, colors = colorsOn() } = options;
  const { tokens, ranges, specialMask } = encoding;
  let [line, at, turn] = ["", 0, 0];
  for (const [token, name] of tokens.entries()) {
    const [start, end] = [ranges[2 * token] as number, ranges[2 * token + 1] as number];
    // Several tokens can stand for one character: it is shown once.
    if (specialMask[token] || end <= at) continue;
    const shown = visibleText(text.slice(Math.max(start, at), end));
    const gap = visibleText(text.slice(at, start));
    const style = name === unknownToken ? unknownStyle : (styles[turn++ % 2] as Style);
    line += colors ? gap + paint(style, shown) : `${gap || (at > 0 ? "|" : "")}${shown}`;
    at = end;
  }
  const count = `${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}`;
  return `${line}${visibleText(text.slice(at))}  ${colors ? paint("dim", count) : `(${count})`}\n`;
}
