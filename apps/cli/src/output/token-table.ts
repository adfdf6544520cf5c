import type { Encoding } from "@bertkit/tokenizer";
import Table from "cli-table3";

/** The tokens of a text as a table for people, a blank line below it. */
export function tokenTable(text: string, { ids, tokens, ranges }: Encoding): string {
  const table = new Table({
    head: ["", "id", "token", "range", "stands for"],
    colAligns: ["right", "right", "left", "left", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const [token, id] of ids.entries()) {
    const [start, end] = [ranges[2 * token] as number, ranges[2 * token + 1] as number];
    const place = start === end ? ["", ""] : [`${start}–${end}`, visible(text.slice(start, end))];
    table.push([token, id, visible(tokens[token] as string), ...place]);
  }
  return `${table.toString()}\n\n`;
}

/** Control characters would move the cursor or worse, so they are shown as escapes. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
}
