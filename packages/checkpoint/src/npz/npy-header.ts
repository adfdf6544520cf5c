import { CheckpointError, quoted, reasonOf } from "../checkpoint-error.js";
import type { CheckpointEntry } from "../checkpoint-source.js";
import { isReadable, layouts } from "../stored-dtype.js";
import { readElementType } from "./element-type.js";
import { type PythonLiteral, readPythonDict } from "./python-literal.js";

/** An array as a `.npy` file says it is. */
export interface NpyArray extends CheckpointEntry {
  readonly isBigEndian: boolean;
  /** Whether the first axis is the fastest, as in Fortran. */
  readonly isColumnMajor: boolean;
  /** Where its data begins. */
  readonly begin: number;
}

/** A file whose first bytes can be had: all it has, where it has fewer than asked for. */
export interface NpyFile {
  readonly label: string;
  readonly size: number;
  start(length: number): Promise<Uint8Array>;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
// NumPy pads headers so that data begins at a multiple of 64; that of a plain array takes two.
const usualHeader = 128;
// NumPy refuses headers of more than 10,000 characters, for only structures need them.
const longestHeader = 64 * 2 ** 10;
// NumPy's own limit, from version 2 on.
const mostAxes = 64;

/** Whether a file that begins so is an array of NumPy. */
export function isNpy(start: Uint8Array): boolean {
  return magic.every((byte, i) => start[i] === byte);
}

/**
 * Reads and checks the header of a `.npy` file, versions 1 to 3. The data must have just the bytes that shape and type
 * ask for.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @throws CheckpointError `truncated`, `malformed`, or `unsupported` for a later version.
 */
export async function readNpyHeader(file: NpyFile): Promise<NpyArray> {
  const { label, size } = file;
  let start = await file.start(usualHeader);
  const [lengthAt, lengthSize, version] = [8, start[6] === 1 ? 2 : 4, start[6] ?? 0];
  if (start.length < lengthAt + lengthSize) {
    throw new CheckpointError("truncated", `${label}: ${start.length} bytes are no array of NumPy`);
  }
  if (!isNpy(start)) throw malformed(label, "does not begin as an array of NumPy does");
  if (version < 1 || version > 3) {
    throw new CheckpointError("unsupported", `${label}: version ${version} of NumPy's format; 1 to 3 are read`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = lengthSize === 2 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
  const textAt = lengthAt + lengthSize;
  const begin = textAt + length;
  if (begin > size) throw new CheckpointError("truncated", `${label}: the header takes ${begin} bytes of ${size}`);
  if (length > longestHeader) throw malformed(label, `a header has at most ${longestHeader} bytes, not ${length}`);
  if (begin > start.length) start = await file.start(begin);
  return checked(parse(start.subarray(textAt, begin), version, label), begin, file);
}

function parse(header: Uint8Array, version: number, label: string): ReadonlyMap<string, PythonLiteral> {
  try {
    return readPythonDict(new TextDecoder(version < 3 ? "latin1" : "utf-8", { fatal: true }).decode(header));
  } catch (error) {
    throw new CheckpointError("malformed", `${label}: ${reasonOf(error)}`, { cause: error });
  }
}

function checked(fields: ReadonlyMap<string, PythonLiteral>, begin: number, { label, size }: NpyFile): NpyArray {
  const isColumnMajor = fields.get("fortran_order");
  const shape = shapeOf(fields.get("shape"));
  const description = fields.get("descr");
  if (fields.size !== 3 || description === undefined || typeof isColumnMajor !== "boolean" || shape === undefined) {
    const names = [...fields.keys()].map(quoted).join(", ");
    throw malformed(label, `a header has descr, fortran_order and a shape of counts, not what is here in ${names}`);
  }
  const type = readElementType(description);
  if (type === undefined) {
    throw malformed(label, `${quoted(JSON.stringify(description))} describes no type of NumPy's`);
  }
  if (isReadable(type.dtype)) {
    const wanted = shape.reduce((product, extent) => product * extent, layouts[type.dtype].bytes);
    checkSize(wanted, size - begin, `${label}: [${shape}] ${type.dtype}`);
  }
  return { shape, ...type, isColumnMajor, begin };
}

function shapeOf(shape: PythonLiteral | undefined): readonly number[] | undefined {
  if (!Array.isArray(shape) || shape.length > mostAxes) return undefined;
  return shape.every((extent) => typeof extent === "number" && Number.isSafeInteger(extent)) ? shape : undefined;
}

function checkSize(wanted: number, there: number, array: string): void {
  if (wanted === there) return;
  // A shape that no file could hold is a lie; of one that it could, the end may be lost.
  const code = wanted > there && wanted <= Number.MAX_SAFE_INTEGER ? "truncated" : "malformed";
  throw new CheckpointError(code, `${array} takes ${wanted} bytes, but ${there} follow its header`);
}

function malformed(label: string, problem: string): CheckpointError {
  return new CheckpointError("malformed", `${label}: ${problem}`);
}
