import { paint } from "./colors.js";

/** A title and what stands under it, each with its label. */
export type Section = readonly [title: string, rows: readonly (readonly [label: string, value: string])[]];

/** Sections as people read them: titles in bold, values in one column. */
export function sectionPage(sections: readonly Section[]): string {
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const blocks = sections.map(([title, rows]) =>
    [paint("bold", title), ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}
