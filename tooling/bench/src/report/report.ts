import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { draw } from "./draw.js";
import { withSections } from "./markdown.js";
import { plotName, plotsOf } from "./plots.js";
import { jsonFilesIn, readResults } from "./results.js";
import { sectionsOf } from "./sections.js";

const document = fileURLToPath(new URL("../../../../docs/performance.md", import.meta.url));
const plots = new URL("../../../../docs/performance/", import.meta.url);
const results = fileURLToPath(new URL("../../results", import.meta.url));

/** Writes the tables of docs/performance.md and the plots beside it. Throws `Error` where there is no result. */
export async function report(files: readonly string[]): Promise<void> {
  const measured = readResults(files.length > 0 ? files : jsonFilesIn(results));
  if (measured.length === 0) throw new Error(`no results in ${results}: measure first, or name files`);
  mkdirSync(plots, { recursive: true });
  for (const plot of plotsOf(measured)) {
    writeFileSync(new URL(plotName(plot), plots), await draw(plot));
  }
  writeFileSync(document, withSections(readFileSync(document, "utf8"), sectionsOf(measured)));
}
