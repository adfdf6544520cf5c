import { extname } from "node:path";
import { usageFailure } from "../failure.js";

/** How texts lie in a file. */
export const textFormats = ["lines", "csv", "tsv", "jsonl"] as const;

/** One of {@link textFormats}. */
export type TextFormat = (typeof textFormats)[number];

/** The format that a file's extension stands for; a file without one, and standard input, are taken for lines. */
export function formatOfFile(path: string): TextFormat {
  const extension = extname(path).toLowerCase();
  const format = formatOfExtension.get(extension);
  if (format) return format;
  throw usageFailure(
    `${path}: ${extension} does not say how the texts lie in it; add --format ${textFormats.join("|")}`,
  );
}

const formatOfExtension: ReadonlyMap<string, TextFormat> = new Map([
  ["", "lines"],
  [".txt", "lines"],
  [".text", "lines"],
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".tab", "tsv"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
]);
