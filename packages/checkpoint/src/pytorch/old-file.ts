import { CheckpointError, quoted } from "../checkpoint-error.js";
import { knownGlobal } from "./known-globals.js";
import type { PickleWorld } from "./opcodes.js";
import type { PickleCursor } from "./pickle-cursor.js";
import { isCount, type PickleSite, type Value } from "./pickled-value.js";
import { readStorageId, type StorageId, storageKey } from "./storage-id.js";
import { Storage } from "./tensor.js";
import { unpickle } from "./unpickle.js";

/** What the first pickle of an old file is: see `torch/serialization.py`. */
export const magicNumber = 0x1950a86a20f9469cfc6cn;

/** A pickle that lies alone: nothing outside of it can be referred to. */
export const aloneWorld: PickleWorld = {
  global: knownGlobal,
  persistent(_, site) {
    throw site.error("malformed", "it refers to a storage outside of it, and there is none");
  },
};

/** A storage of the file, which knows where it lies when all storages before it are known. */
interface Root {
  readonly id: StorageId;
  begin: number | undefined;
  /** Whether the count in the file has been compared with the pickle's. */
  isChecked: boolean;
}

/**
 * What a file holds that was written by torch.save before 1.6, or without zip since: after the magic number (where the
 * cursor is) its protocol, the machine's properties, the value, the keys of the storages, and for each the count of its
 * elements and these. Of the storages nothing is read here.
 *
 * @throws CheckpointError `unsupported` for files of big-endian machines.
 */
export async function readOldFile(cursor: PickleCursor): Promise<Value> {
  const protocol = await unpickle(cursor, aloneWorld);
  if (protocol !== 1001) throw cursor.error("unsupported", `a file of PyTorch's protocol 1001 was expected`);
  const system = await unpickle(cursor, aloneWorld);
  if (system instanceof Map && system.get("little_endian") === false) {
    throw cursor.error("unsupported", "it was written on a big-endian machine; save it again on a little-endian one");
  }
  const roots = new Map<string, Root>();
  const world: PickleWorld = { global: knownGlobal, persistent: (id, site) => storageOf(id, site, roots, cursor) };
  const value = await unpickle(cursor, world);
  placeStorages(await unpickle(cursor, aloneWorld), roots, cursor);
  return value;
}

function storageOf(value: Value, site: PickleSite, roots: Map<string, Root>, cursor: PickleCursor): Storage {
  const id = readStorageId(value, site);
  const root = roots.get(id.key) ?? { id, begin: undefined, isChecked: false };
  roots.set(id.key, root);
  const [from, count] = id.view === null ? [0, id.count] : viewOf(id.view, site);
  if ((from + count) * id.type.bytes > sizeOf(root)) {
    throw site.error("malformed", `it refers to more elements of storage ${quoted(id.key)} than that has`);
  }
  return new Storage(id.type, count * id.type.bytes, async (signal) => {
    const begin = await checkedBegin(root, cursor, signal);
    return { bytes: cursor.bytes, begin: begin + from * id.type.bytes };
  });
}

function viewOf(view: Value, site: PickleSite): [offset: number, count: number] {
  const [, offset, count] = Array.isArray(view) ? view : [];
  if (!isCount(offset) || !isCount(count)) throw site.error("malformed", "a part of a storage has no offset or count");
  return [offset, count];
}

function sizeOf({ id }: Root): number {
  return id.count * id.type.bytes;
}

/** The counts in the file are the ones in the pickle, so they are compared only when a storage is read. */
function placeStorages(keys: Value, roots: ReadonlyMap<string, Root>, cursor: PickleCursor): void {
  if (!Array.isArray(keys)) throw cursor.error("malformed", "the storages' keys are no list");
  let end = cursor.position;
  for (const key of keys) {
    // Not just any value as text: that of a list within lists has no end.
    const name = storageKey(key);
    const root = name === undefined ? undefined : roots.get(name);
    if (root === undefined) throw cursor.error("malformed", "a storage follows that nothing refers to");
    root.begin = end + 8;
    end = root.begin + sizeOf(root);
  }
  if (end > cursor.bytes.size) {
    throw cursor.error("truncated", `the storages end at byte ${end}, the file at byte ${cursor.bytes.size}`);
  }
  for (const [key, { begin }] of roots) {
    if (begin === undefined) throw cursor.error("malformed", `there is no storage ${quoted(key)}`);
  }
}

async function checkedBegin(root: Root, { bytes }: PickleCursor, signal?: AbortSignal): Promise<number> {
  const { id, begin = 0 } = root;
  if (root.isChecked) return begin;
  const count = new Uint8Array(8);
  await bytes.read(begin - 8, count, signal);
  const stated = new DataView(count.buffer).getBigInt64(0, true);
  if (stated !== BigInt(id.count)) {
    const problem = `storage ${quoted(id.key)} should have ${id.count} elements, and has ${stated}`;
    throw new CheckpointError("malformed", `${bytes.label}: ${problem}`);
  }
  root.isChecked = true;
  return begin;
}
