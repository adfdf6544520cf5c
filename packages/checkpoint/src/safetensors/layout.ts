import { CheckpointError, quoted } from "../checkpoint-error.js";
import { isReadable, type ReadableDType } from "../stored-dtype.js";
import { largestHeader, mostAxes, spellings } from "./spelling.js";

/** A file about to be written. */
export interface Layout<Described> {
  /** The length and the JSON, padded with spaces to a multiple of 8 bytes. */
  readonly header: Uint8Array;
  /** The arrays in the order of their data. */
  readonly arrays: readonly Described[];
  /** Bytes of the whole file. */
  readonly size: number;
}

interface Described {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ReadableDType;
}

/** Orders arrays as the safetensors library does and writes their header. */
export function layOut<Kind extends Described>(
  arrays: readonly Kind[],
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): Layout<Kind> {
  const notes = metadata instanceof Map ? [...metadata] : Object.entries(metadata);
  check(arrays, notes);
  const ordered = [...arrays].sort(
    (left, right) => rankOf(right.dtype).rank - rankOf(left.dtype).rank || compareCodePoints(left.name, right.name),
  );
  // Written member by member: an object would put names that look like integers first.
  const members = notes.length === 0 ? [] : [`"__metadata__":{${notes.map(([key, text]) => member(key, text))}}`];
  let end = 0;
  for (const { name, shape, dtype } of ordered) {
    const begin = end;
    end += bytesOf(shape, dtype);
    members.push(member(name, { dtype: rankOf(dtype).spelled, shape, data_offsets: [begin, end] }));
  }
  const json = new TextEncoder().encode(`{${members.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > largestHeader) {
    throw new CheckpointError("limit", `a header has at most ${largestHeader} bytes; this one would have ${length}`);
  }
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return { header, arrays: ordered, size: header.length + end };
}

function check(arrays: readonly Described[], notes: readonly (readonly [string, string])[]): void {
  const problems: string[] = [];
  const names = new Set<string>();
  let total = 0;
  for (const { name, shape, dtype } of arrays) {
    if (names.has(name)) problems.push(`two arrays are called ${quoted(name)}`);
    names.add(name);
    if (name === "__metadata__") problems.push(`no array may be called "__metadata__"`);
    if (isIllFormed(name)) problems.push(`the name ${quoted(name)} has half a surrogate pair`);
    if (!isReadable(dtype)) problems.push(`${quoted(name)}: ${String(dtype)} is no type that can be written`);
    else total += bytesOf(shape, dtype);
    if (shape.length > mostAxes || !shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
      problems.push(`${quoted(name)}: [${shape.slice(0, 8)}] is no shape`);
    }
  }
  if (total > Number.MAX_SAFE_INTEGER) problems.push("the arrays are impossibly large");
  for (const [key, text] of notes) {
    if (typeof text !== "string") problems.push(`metadata ${quoted(key)} is not a string`);
    else if (isIllFormed(key + text)) problems.push(`metadata ${quoted(key)} has half a surrogate pair`);
  }
  if (problems.length > 0) throw new CheckpointError("argument", `cannot be written: ${problems.join("; ")}`);
}

function isIllFormed(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function bytesOf(shape: readonly number[], dtype: ReadableDType): number {
  return shape.reduce((product, extent) => product * extent, rankOf(dtype).bytes);
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

const ranks = new Map(
  [...spellings].map(([spelled, { dtype, bits }], rank) => [dtype, { spelled, rank, bytes: bits / 8 }]),
);

function rankOf(dtype: ReadableDType): { readonly spelled: string; readonly rank: number; readonly bytes: number } {
  return ranks.get(dtype)!;
}

/** The order of the names' UTF-8 bytes, which is not that of JavaScript's UTF-16 units. */
function compareCodePoints(left: string, right: string): number {
  const common = Math.min(left.length, right.length);
  for (let i = 0; i < common; i++) {
    if (left[i] !== right[i]) return left.codePointAt(i)! - right.codePointAt(i)!;
  }
  return left.length - right.length;
}
