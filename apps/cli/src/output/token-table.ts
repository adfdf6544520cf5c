import type { Encoding } from "@bertkit/tokenizer";
import Table from "cli-table3";
import { visibleText } from "../terminal/visible-text.js";

/** The tokens of a text as a table for people, a blank line below it. */
export function tokenTable(text: string, { ids, tokens, ranges }: Encoding): string {
  const table = new Table({
    head: ["", "id", "token", "range", "stands for"],
    colAligns: ["right", "right", "left", "left", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const [token, id] of ids.entries()) {
    const [start, end] = [ranges[2 * token] as number, ranges[2 * token + 1] as number];
    const place = start === end ? ["", ""] : [`${start}–${end}`, visibleText(text.slice(start, end))];
    table.push([token, id, visibleText(tokens[token] as string), ...place]);
  }
  return `${table.toString()}\n\n`;
}
