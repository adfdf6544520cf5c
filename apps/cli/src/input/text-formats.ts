import { extname } from "node:path";
import { usageFailure } from "../failure.js";

/** How texts lie in a file. */
export const textFormats = ["lines", "csv", "tsv", "jsonl", "parquet"] as const;

/** One of {@link textFormats}. */
export type TextFormat = (typeof textFormats)[number];

/** How a file of text is compressed. */
export type Compression = "gzip" | "zstd";

/** The format and the compression of a file. */
export interface FileFormat {
  readonly format: TextFormat;
  readonly compression: Compression | undefined;
}

/**
 * What a file's extensions stand for: `reviews.csv.gz` is compressed csv. A file without one is taken for lines.
 * @throws {Failure} for an extension that says nothing, unless `format` says it, and for Parquet that is compressed.
 */
export function formatOfFile(path: string, format?: TextFormat): FileFormat {
  const compression = compressionOfExtension.get(extname(path).toLowerCase());
  const inner = compression === undefined ? path : path.slice(0, -extname(path).length);
  const extension = extname(inner).toLowerCase();
  const found = format ?? formatOfExtension.get(extension);
  if (found === undefined) {
    const hint = `add --format ${textFormats.join("|")}`;
    throw usageFailure(`${path}: ${extension} does not say how the texts lie in it`, hint);
  }
  if (found === "parquet" && compression !== undefined) {
    const hint = `unpack it first: ${unpackers[compression]} ${path} > ${inner}`;
    throw usageFailure(`${path}: Parquet is compressed inside and cannot be read through ${compression}`, hint);
  }
  return { format: found, compression };
}

/** Whether a file's extensions say how the texts lie in it. */
export function hasKnownFormat(path: string): boolean {
  const extension = extname(path).toLowerCase();
  return extension !== "" && (compressionOfExtension.has(extension) || formatOfExtension.has(extension));
}

/** The commands that write what is in a compressed file to standard output. */
const unpackers: Readonly<Record<Compression, string>> = { gzip: "gzip -dc", zstd: "zstd -dc" };

const compressionOfExtension: ReadonlyMap<string, Compression> = new Map([
  [".gz", "gzip"],
  [".zst", "zstd"],
]);

const formatOfExtension: ReadonlyMap<string, TextFormat> = new Map([
  ["", "lines"],
  [".txt", "lines"],
  [".text", "lines"],
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".tab", "tsv"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".parquet", "parquet"],
]);
