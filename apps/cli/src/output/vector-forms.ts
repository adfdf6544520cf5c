import { endianness } from "node:os";
import { extname } from "node:path";
import { Failure, usageFailure } from "../failure.js";
import { shortestFloat32 } from "./shortest-float32.js";

/** How vectors can be written. */
export const vectorFormNames = ["jsonl", "npy", "f32"] as const;

/** One of {@link vectorFormNames}. */
export type VectorFormName = (typeof vectorFormNames)[number];

/** A way to write texts' vectors, a row each. */
export interface VectorForm {
  readonly isBinary: boolean;
  /** What stands before the rows; has the same length for any number of rows. Absent where nothing does. */
  readonly header?: (rows: number, width: number) => Uint8Array;
  readonly row: (text: string, vector: Float32Array) => string | Uint8Array;
}

/** The form of that name. */
export function vectorForm(name: VectorFormName): VectorForm {
  return forms[name];
}

/** The form that a file's extension stands for. */
export function vectorFormOfFile(path: string): VectorFormName {
  const extension = extname(path).toLowerCase();
  const name = formOfExtension.get(extension);
  if (name) return name;
  const problem = extension === "" ? "it has no extension" : `${extension} is none of .jsonl, .npy and .f32`;
  throw usageFailure(`${path}: ${problem}; name it so or add --output-format ${vectorFormNames.join("|")}`);
}

const formOfExtension: ReadonlyMap<string, VectorFormName> = new Map([
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".npy", "npy"],
  [".f32", "f32"],
]);

const forms: Readonly<Record<VectorFormName, VectorForm>> = {
  jsonl: { isBinary: false, row: jsonLine },
  npy: { isBinary: true, header: npyHeader, row: littleEndian },
  f32: { isBinary: true, row: littleEndian },
};

function jsonLine(text: string, vector: Float32Array): string {
  const numbers = Array.from(vector, (value) => {
    if (!Number.isFinite(value)) throw new Failure("a vector has NaN or infinity, which JSON cannot say; write .npy");
    return Object.is(value, -0) ? "-0" : String(shortestFloat32(value));
  });
  return `{"text":${JSON.stringify(text)},"vector":[${numbers.join(",")}]}\n`;
}

function littleEndian(_text: string, vector: Float32Array): Uint8Array {
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}

/** Of NumPy's format, version 1.0: float32, C order, [rows, width]. Spaces keep its length, so that rows can change. */
function npyHeader(rows: number, width: number): Uint8Array {
  const length = 128; // a multiple of 64; with room for any number of rows and columns
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${width}), }`;
  const header = Buffer.alloc(length, " ", "latin1");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(length - 10, 8);
  header.write(description, 10, "latin1");
  header.write("\n", length - 1, "latin1");
  return header;
}
