import { Failure } from "../failure.js";

/** How the numbers of an .npy file are stored. */
export type NpyType = "<f2" | "<f4" | "<f8" | "|i1" | "|u1";

/** What the header of an .npy file of vectors says. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly rows: number;
  readonly width: number;
}

/** How many bytes say how long the header is. */
export const npyPrefixBytes = 12;

/** Longer headers are an error: a table of numbers needs a hundred bytes. */
const longestHeader = 65536;

/** Wider vectors are an error: a row is read as a whole. */
const widest = 65536;

/**
 * Where the numbers begin in a file that begins with these 12 bytes, in NumPy's format 1.0 or 2.0.
 * @throws {Failure} where it is another format, or the header too long to be one.
 */
export function npyDataStart(prefix: Buffer, name: string): number {
  if (prefix.length < npyPrefixBytes || prefix.toString("latin1", 0, 6) !== "\x93NUMPY") {
    throw new Failure(`${name}: this is not NumPy's format`, { hint: "write the file with numpy.save" });
  }
  const [major, minor] = [prefix[6] as number, prefix[7] as number];
  if (!((major === 1 || major === 2) && minor === 0)) {
    throw new Failure(`${name}: wanted version 1.0 or 2.0 of NumPy's format, this is ${major}.${minor}`, resaveHint);
  }
  const start = descriptionStart(prefix) + (major === 1 ? prefix.readUInt16LE(8) : prefix.readUInt32LE(8));
  if (start > longestHeader || start < npyPrefixBytes) {
    throw new Failure(`${name}: a header of ${start} bytes is none of an array of numbers`, resaveHint);
  }
  return start;
}

/**
 * What the bytes before the numbers say of them.
 * @throws {Failure} for anything but rows of little-endian floats or of bytes, one after the other.
 */
export function parseNpyHeader(header: Buffer, name: string): NpyHeader {
  const fields = fieldsOf(header.toString("latin1", descriptionStart(header)));
  if (!fields) throw new Failure(`${name}: the header is damaged, it describes no array of numbers`, resaveHint);
  const { descr, fortran, shape } = fields;
  if (!isKnown(descr)) {
    const wanted = "float16, float32, float64, int8 or uint8, little-endian";
    throw new Failure(`${name}: wanted numbers as ${wanted}, these are ${descr}`, {
      hint: "convert them: numpy.save(FILE, array.astype('<f4'))",
    });
  }
  const [rows, width, ...more] = shape;
  if (rows === undefined || width === undefined || more.length > 0) {
    throw new Failure(`${name}: wanted an array of the shape [rows, width], this has [${shape.join(", ")}]`, {
      hint: "give it two axes: numpy.save(FILE, array.reshape(-1, WIDTH))",
    });
  }
  if (width === 0 || width > widest) throw new Failure(`${name}: ${width} numbers a row are no vector`, resaveHint);
  if (fortran && rows > 1) {
    throw new Failure(`${name}: the array lies in memory column after column, wanted row after row`, {
      hint: "turn it: numpy.save(FILE, numpy.ascontiguousarray(array))",
    });
  }
  return { type: descr, rows, width };
}

const descriptionStart = (header: Buffer): number => (header[6] === 1 ? 10 : 12);

/** Bytes of a number. */
export const bytesOfType: Readonly<Record<NpyType, number>> = { "<f2": 2, "<f4": 4, "<f8": 8, "|i1": 1, "|u1": 1 };

const resaveHint = { hint: "write the file again with numpy.save, as an array of float32" };

interface Fields {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Of the one spelling that NumPy writes, in any order of the keys; undefined for any other. */
function fieldsOf(description: string): Fields | undefined {
  const pair = String.raw`\s*'(?:descr|fortran_order|shape)'\s*:\s*(?:'[^'\\]*'|True|False|\([\d, ]*\))\s*`;
  if (!new RegExp(`^\\{${pair},${pair},${pair},?\\s*\\}[ \\n]*$`).test(description)) return undefined;
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(description)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(description)?.[1];
  const extents = /'shape'\s*:\s*\(([\d, ]*)\)/.exec(description)?.[1];
  if (descr === undefined || fortran === undefined || extents === undefined) return undefined;
  const shape = extents.split(",").map((extent) => extent.trim());
  if (shape.at(-1) === "") shape.pop();
  const numbers = shape.map((extent) => (/^\d+$/.test(extent) ? Number(extent) : Number.NaN));
  return numbers.every(Number.isSafeInteger) ? { descr, fortran: fortran === "True", shape: numbers } : undefined;
}

function isKnown(type: string): type is NpyType {
  return Object.hasOwn(bytesOfType, type);
}
