import { CheckpointError } from "../checkpoint-error.js";
import { Cursor } from "./cursor.js";

/** A key of a sorted table and what is stored under it. */
export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The entries of a block of a sorted table, in order. Each says how many bytes its key shares with the key before it;
 * where that is none is listed at the block's end, for searches, which are not needed here.
 *
 * @throws CheckpointError `malformed`
 */
export function* blockEntries(block: Uint8Array, label: string): Generator<TableEntry> {
  const cursor = new Cursor(block.subarray(0, endOfEntries(block, label)), label);
  let key = new Uint8Array(0);
  while (!cursor.atEnd) {
    const shared = cursor.varint();
    const added = cursor.varint();
    const length = cursor.varint();
    if (shared > key.length) {
      const problem = `a key shares ${shared} bytes with one of ${key.length}`;
      throw new CheckpointError("malformed", `${label}: ${problem}`);
    }
    const rest = cursor.take(added);
    const whole = new Uint8Array(shared + added);
    whole.set(key.subarray(0, shared));
    whole.set(rest, shared);
    key = whole;
    yield { key, value: cursor.take(length) };
  }
}

function endOfEntries(block: Uint8Array, label: string): number {
  if (block.length < 4) throw new CheckpointError("malformed", `${label}: it has ${block.length} bytes`);
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const restarts = view.getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  if (end >= 0) return end;
  throw new CheckpointError("malformed", `${label}: no room for ${restarts} restart points in ${block.length} bytes`);
}

/** The order of keys in a table: byte by byte, a prefix first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = sharedPrefix(left, right);
  if (shared === left.length || shared === right.length) return left.length - right.length;
  return left[shared]! - right[shared]!;
}

/** How many bytes two keys have in common at their beginning. */
export function sharedPrefix(left: Uint8Array, right: Uint8Array): number {
  const most = Math.min(left.length, right.length);
  let shared = 0;
  while (shared < most && left[shared] === right[shared]) shared++;
  return shared;
}
