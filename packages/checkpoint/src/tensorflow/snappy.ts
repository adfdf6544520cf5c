import { CheckpointError } from "../checkpoint-error.js";
import { Cursor } from "./cursor.js";

/**
 * Undoes Snappy's compression of a block.
 *
 * Format: https://github.com/google/snappy/blob/main/format_description.txt
 *
 * @param most the bytes that it may have when decompressed; nothing is allocated for a block that promises more.
 * @throws CheckpointError `malformed`, or `limit` for more than `most` bytes.
 */
export function decompressSnappy(compressed: Uint8Array, most: number, label: string): Uint8Array {
  const cursor = new Cursor(compressed, label);
  const length = cursor.varint();
  // No element of the format makes more than 64 bytes of 3.
  if (length * 3 > compressed.length * 64) {
    const promise = `${compressed.length} compressed bytes cannot become ${length}`;
    throw new CheckpointError("malformed", `${label}: ${promise}`);
  }
  if (length > most) {
    throw new CheckpointError("limit", `${label}: it would have ${length} bytes, where at most ${most} are read`);
  }
  const output = new Uint8Array(length);
  let done = 0;
  while (!cursor.atEnd) {
    const { count, distance } = readElement(cursor);
    if (count > length - done) {
      throw new CheckpointError("malformed", `${label}: more than the ${length} bytes that it promises`);
    }
    if (distance === undefined) output.set(cursor.take(count), done);
    else repeat(output, done, count, distance, label);
    done += count;
  }
  if (done === length) return output;
  throw new CheckpointError("malformed", `${label}: ${done} bytes, not the ${length} that it promises`);
}

/** `count` bytes that follow, or, with a distance, that many bytes from so far back in the output. */
interface Element {
  readonly count: number;
  readonly distance?: number;
}

function readElement(cursor: Cursor): Element {
  const tag = cursor.byte();
  const upper = tag >>> 2;
  switch (tag & 3) {
    case 0:
      return { count: 1 + (upper < 60 ? upper : littleEndian(cursor.take(upper - 59))) };
    case 1:
      return { count: 4 + (upper & 7), distance: (upper >>> 3) * 256 + cursor.byte() };
    case 2:
      return { count: 1 + upper, distance: littleEndian(cursor.take(2)) };
    default:
      return { count: 1 + upper, distance: littleEndian(cursor.take(4)) };
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

function repeat(output: Uint8Array, at: number, count: number, distance: number, label: string): void {
  if (distance === 0 || distance > at) {
    throw new CheckpointError("malformed", `${label}: a copy from ${distance} bytes back, where there are ${at}`);
  }
  // Byte by byte: a copy may begin in what it writes itself.
  for (let i = at; i < at + count; i++) output[i] = output[i - distance]!;
}
