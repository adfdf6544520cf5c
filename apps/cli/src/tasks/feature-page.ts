import type { Features } from "bertkit";
import { paint } from "../terminal/colors.js";
import { displayWidth, padded, shorten } from "../terminal/display-width.js";
import { visibleText } from "../terminal/visible-text.js";

const tokenWidth = 16;
const numberWidth = 9;

/**
 * A text's hidden states as people look at them: for each layer the tokens below each other, each with as many of its
 * numbers as fit the terminal.
 */
export function featurePage(text: string, { tokens, layers }: Features, columns: number): string {
  const names = tokens.map((token) => shorten(visibleText(token), tokenWidth));
  const longest = names.reduce((most, name) => Math.max(most, displayWidth(name)), 0);
  const room = Math.max(1, Math.floor((columns - 1 - "    ".length - longest) / numberWidth));
  const blocks = layers.map(({ index, values }) => {
    const width = values.length / tokens.length;
    const shown = Math.min(room, width);
    const rows = names.map((name, token) => {
      const numbers = Array.from(values.subarray(token * width, token * width + shown), spelled);
      return `    ${paint("cyan", padded(name, longest))}${numbers.join("")}\n`;
    });
    const extent = shown < width ? `, the first ${shown} of ${width} numbers` : "";
    return `${paint("dim", shorten(`  layer ${index}${extent}`, columns - 1))}\n${rows.join("")}`;
  });
  return `${paint("bold", shorten(visibleText(text), columns - 1))}\n${blocks.join("")}`;
}

const spelled = (value: number): string => value.toFixed(4).padStart(numberWidth);
