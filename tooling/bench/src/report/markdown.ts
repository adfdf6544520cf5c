import type { Machine } from "../machine.js";

/** Rows of cells as a table of Markdown, the titles first. */
export function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head!), `|${head!.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** Where and with what it was measured. */
export function machineSentence({ device, cores, vectors, system, load, versions }: Machine): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const can = vectors.length > 0 ? ` (${vectors.join(", ")})` : "";
  return `${device}${can}, ${cores} cores, ${system}, load ${load.toFixed(2)}; ${programs.join(", ")}.`;
}

/**
 * A text whose parts between `<!-- bench NAME -->` and `<!-- /bench -->` are replaced where there is a new one; prose
 * around them stays. Throws `Error` for a part that the text has no place for.
 */
export function withSections(text: string, sections: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, section] of sections) {
    const begin = `<!-- bench ${name} -->`;
    const from = result.indexOf(begin);
    const to = result.indexOf(sectionEnd, from);
    if (from < 0 || to < 0) throw new Error(`there is no place for ${name}: it needs "${begin}", then "${sectionEnd}"`);
    result = `${result.slice(0, from + begin.length)}\n\n${section}\n\n${result.slice(to)}`;
  }
  return result;
}

const sectionEnd = "<!-- /bench -->";
