import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointEntry } from "../checkpoint-source.js";
import { JsonReader } from "../json-reader.js";
import type { StoredDType } from "../stored-dtype.js";
import { largestHeader, mostAxes, spellings } from "./spelling.js";

/** An array in a safetensors file: what it is and which bytes of the file it takes. */
export interface StoredArray extends CheckpointEntry {
  readonly dtype: StoredDType;
  readonly begin: number;
  readonly end: number;
}

/** What the header of a safetensors file says. */
export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, StoredArray>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads and checks a header: 8 bytes of length, so many bytes of JSON, then the data, which the arrays cover without
 * a hole or an overlap up to the last byte of the file. Nothing is allocated that the file does not have bytes for.
 *
 * Format: https://github.com/huggingface/safetensors#format
 *
 * @throws CheckpointError `truncated`, `malformed`, or `unsupported` for an element type of a later version.
 */
export async function readHeader(bytes: ByteSource, signal?: AbortSignal): Promise<SafetensorsHeader> {
  const { label, size } = bytes;
  if (size < 8) throw new CheckpointError("truncated", `${label}: a safetensors file has 8 bytes or more, not ${size}`);
  const prefix = new Uint8Array(8);
  await bytes.read(0, prefix, signal);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > largestHeader) {
    const limit = `at most ${largestHeader} bytes`;
    throw new CheckpointError("malformed", `${label}: a header has ${limit}, not ${length}; is it a safetensors file?`);
  }
  if (8 + length > size) {
    throw new CheckpointError("truncated", `${label}: the header should take ${length} bytes, but ${size - 8} follow`);
  }
  const header = new Uint8Array(length);
  await bytes.read(8, header, signal);
  return parseHeader(header, 8 + length, bytes);
}

function parseHeader(header: Uint8Array, dataStart: number, bytes: ByteSource): SafetensorsHeader {
  const label = `${bytes.label}: header`;
  const metadata = new Map<string, string>();
  const arrays: [name: string, array: StoredArray][] = [];
  const reader = new JsonReader(decode(header, label), label);
  reader.object((name) => {
    if (name !== "__metadata__") arrays.push([name, readArray(reader, name, dataStart)]);
    else if (!reader.null()) reader.object((key) => metadata.set(key, reader.string()));
  });
  reader.end();
  arrays.sort(([, left], [, right]) => left.begin - right.begin || left.end - right.end);
  checkCover(arrays, dataStart, bytes);
  return { entries: new Map(arrays), metadata };
}

function decode(header: Uint8Array, label: string): string {
  if (header[0] !== 0x7b) throw new CheckpointError("malformed", `${label}: it does not start with {`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(header);
  } catch (error) {
    throw new CheckpointError("malformed", `${label}: it is not UTF-8`, { cause: error });
  }
}

/** Reads `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`; like the library, past anything else in it. */
function readArray(reader: JsonReader, name: string, dataStart: number): StoredArray {
  let spelled: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  reader.object((field) => {
    if (field === "dtype") spelled = reader.string();
    else if (field === "shape") shape = readCounts(reader, mostAxes);
    else if (field === "data_offsets") offsets = readCounts(reader, 2);
    else reader.scalar();
  });
  if (spelled === undefined || shape === undefined || offsets?.length !== 2) {
    throw reader.error(`${quoted(name)} needs a dtype, a shape and two data_offsets`);
  }
  const spelling = spellings.get(spelled);
  if (spelling === undefined) {
    const problem = `${quoted(name)} has elements of type ${quoted(spelled)}, which safetensors 0.8 does not know`;
    throw new CheckpointError("unsupported", reader.error(problem).message);
  }
  const [begin, end] = offsets as [number, number];
  let bits = 1;
  for (const extent of [...shape, spelling.bits]) {
    bits *= extent;
    if (bits > Number.MAX_SAFE_INTEGER) throw reader.error(`${quoted(name)} of shape [${shape}] is impossibly large`);
  }
  if (begin > end || (end - begin) * 8 !== bits) {
    const claim = `${spelled} of shape [${shape}] takes ${bits / 8} bytes, not [${begin}, ${end})`;
    throw reader.error(`${quoted(name)}: ${claim}`);
  }
  return { shape, dtype: spelling.dtype, begin: dataStart + begin, end: dataStart + end };
}

function readCounts(reader: JsonReader, most: number): number[] {
  const counts: number[] = [];
  reader.array(() => {
    if (counts.length === most) throw reader.error(`more than ${most} numbers`);
    counts.push(reader.count());
  });
  return counts;
}

function checkCover(arrays: readonly [string, StoredArray][], dataStart: number, { label, size }: ByteSource): void {
  let covered = dataStart;
  for (const [name, { begin, end }] of arrays) {
    if (begin !== covered) {
      const problem = begin < covered ? "overlaps the array before it" : `leaves a hole of ${begin - covered} bytes`;
      throw new CheckpointError("malformed", `${label}: ${quoted(name)} ${problem}`);
    }
    covered = end;
  }
  if (covered > size) {
    throw new CheckpointError("truncated", `${label}: the arrays end at byte ${covered}, the file at byte ${size}`);
  }
  if (covered < size) {
    throw new CheckpointError("malformed", `${label}: ${size - covered} bytes follow the last array`);
  }
}
