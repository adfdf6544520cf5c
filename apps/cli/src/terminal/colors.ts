import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

/** A style, or several at once, as `styleText` of Node names them: "bold", "red", ["dim", "cyan"]. */
export type Style = Parameters<typeof styleText>[0];

/** What colours may go to: a terminal, or a pipe in its place. */
export type ColorStream = Pick<WriteStream, "isTTY" | "hasColors">;

/**
 * Whether to write colours to a stream. The command line decides first (`--no-color`), then the environment as Node takes
 * it (`FORCE_COLOR`, then `NO_COLOR`), then what the terminal can do.
 */
export function colorsOn(stream: ColorStream = process.stdout): boolean {
  if (flags().includes("--no-color")) return false;
  const { FORCE_COLOR: forced, NO_COLOR: refused } = process.env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (refused !== undefined && refused !== "") return false;
  return Boolean(stream.isTTY) && stream.hasColors();
}

/** The text in that style where the stream shows colours, else as it is. */
export function paint(style: Style, text: string, stream: ColorStream = process.stdout): string {
  return colorsOn(stream) ? styleText(style, text, { validateStream: false }) : text;
}

/** Read here, not from the parsed options: help and errors are written before there are any. */
function flags(): readonly string[] {
  const end = process.argv.indexOf("--");
  return end < 0 ? process.argv : process.argv.slice(0, end);
}
