import { extname } from "node:path";
import { usageFailure } from "../failure.js";

/** How vectors can be written. */
export const vectorFormNames = ["jsonl", "csv", "tsv", "parquet", "npy", "raw"] as const;

/** One of {@link vectorFormNames}. */
export type VectorFormName = (typeof vectorFormNames)[number];

/** What the numbers of a vector can be: those of the package bertkit, which help must not load. */
export const elementTypes = ["float32", "float16", "int8", "uint8", "binary", "ubinary"] as const;

/** One of {@link elementTypes}. */
export type ElementType = (typeof elementTypes)[number];

/** How a file can be compressed, as its last extension says. */
export type Compression = "gzip" | "zstd";

/** Everything about an output's bytes that flags decide. */
export interface OutputForm {
  readonly name: VectorFormName;
  readonly type: ElementType;
  readonly compression: Compression | undefined;
}

/** The flags that decide it. */
export interface OutputFormFlags {
  readonly output?: string;
  readonly outputFormat?: VectorFormName;
  readonly outputType?: ElementType;
}

/**
 * The form that the flags ask for, by name or by the extension of the file; JSON lines of float32 without either.
 * @throws {Failure} where name, extensions and type don't fit together.
 */
export function outputFormOf({ output = "-", outputFormat, outputType }: OutputFormFlags): OutputForm {
  if (output === "-") return { name: outputFormat ?? "jsonl", type: outputType ?? "float32", compression: undefined };
  const outer = extname(output).toLowerCase();
  const compression = compressionOfExtension.get(outer);
  const extension = compression ? extname(output.slice(0, -outer.length)).toLowerCase() : outer;
  const name = outputFormat ?? nameOf(output, extension);
  if (compression && (name === "npy" || name === "parquet")) {
    const readers = name === "npy" ? "numpy.load reads no compressed file" : "parquet compresses inside";
    throw usageFailure(`${output}: ${readers}`, `leave out ${outer}`);
  }
  return { name, type: typeOf(output, extension, { name, outputType }), compression };
}

/** How a failure calls the form: `float16 jsonl, gzip`. */
export function describeForm({ name, type, compression }: OutputForm): string {
  return `${type} ${name}${compression ? `, ${compression}` : ""}`;
}

/** Whether rows keep their text and the kept columns in that form. */
export function hasPlaceForColumns(name: VectorFormName): boolean {
  return name !== "npy" && name !== "raw";
}

function nameOf(output: string, extension: string): VectorFormName {
  const name = nameOfExtension.get(extension);
  if (name) return name;
  const problem = extension === "" ? "it has no extension that says how to write it" : `${extension} is no known form`;
  const known = [...nameOfExtension.keys()].join(" ");
  throw usageFailure(`${output}: ${problem}`, `name it ${known}, or add --output-format ${vectorFormNames.join("|")}`);
}

function typeOf(
  output: string,
  extension: string,
  { name, outputType }: { name: VectorFormName; outputType: ElementType | undefined },
): ElementType {
  const types = name === "raw" ? typesOfExtension.get(extension) : undefined;
  if (!types) return outputType ?? "float32";
  if (outputType === undefined) return types[0];
  if (types.includes(outputType)) return outputType;
  throw usageFailure(
    `${output}: ${extension} stands for ${types.join(" or ")}, and --output-type says ${outputType}`,
    "name it .bin, or leave out --output-type",
  );
}

const nameOfExtension: ReadonlyMap<string, VectorFormName> = new Map([
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".parquet", "parquet"],
  [".npy", "npy"],
  [".f32", "raw"],
  [".f16", "raw"],
  [".i8", "raw"],
  [".u8", "raw"],
  [".bin", "raw"],
]);

/** The first is what the extension alone asks for. */
const typesOfExtension: ReadonlyMap<string, readonly [ElementType, ...ElementType[]]> = new Map([
  [".f32", ["float32"]],
  [".f16", ["float16"]],
  [".i8", ["int8", "binary"]],
  [".u8", ["uint8", "ubinary"]],
]);

const compressionOfExtension: ReadonlyMap<string, Compression> = new Map([
  [".gz", "gzip"],
  [".zst", "zstd"],
]);
