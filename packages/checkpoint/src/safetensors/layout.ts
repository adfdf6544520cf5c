import { CheckpointError, quoted } from "../checkpoint-error.js";
import { bytesOf, compareCodePoints, type DescribedArray, isIllFormed, problemsOf } from "../named-array.js";
import type { ReadableDType } from "../stored-dtype.js";
import { largestHeader, mostAxes, spellings } from "./spelling.js";

/** A file about to be written. */
export interface Layout<Kind> {
  /** The length and the JSON, padded with spaces to a multiple of 8 bytes. */
  readonly header: Uint8Array;
  /** The arrays in the order of their data. */
  readonly arrays: readonly Kind[];
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Orders arrays as the safetensors library does and writes their header. */
export function layOut<Kind extends DescribedArray>(
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

function check(arrays: readonly DescribedArray[], notes: readonly (readonly [string, string])[]): void {
  const problems = problemsOf(arrays, { mostAxes, reserves: (name) => name === "__metadata__" });
  for (const [key, text] of notes) {
    if (typeof text !== "string") problems.push(`metadata ${quoted(key)} is not a string`);
    else if (isIllFormed(key + text)) problems.push(`metadata ${quoted(key)} has half a surrogate pair`);
  }
  if (problems.length > 0) throw new CheckpointError("argument", `cannot be written: ${problems.join("; ")}`);
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

const ranks = new Map([...spellings].map(([spelled, { dtype }], rank) => [dtype, { spelled, rank }]));

function rankOf(dtype: ReadableDType): { readonly spelled: string; readonly rank: number } {
  return ranks.get(dtype)!;
}
