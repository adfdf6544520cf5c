import type { ByteSource } from "../bytes/byte-source.js";
import { windowBytes } from "../bytes/window-bytes.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import type { Format } from "../format.js";
import { sourceOf } from "../source-of.js";
import { isZip, readZip, type ZipMember } from "../zip/read-zip.js";
import { NumpyArray } from "./numpy-array.js";
import { aloneWorld, magicNumber, readOldFile } from "./old-file.js";
import { type PickleBudget, PickleCursor, pickleBudget } from "./pickle-cursor.js";
import type { PickledBytes, Value } from "./pickled-value.js";
import { readTensor } from "./read-tensor.js";
import { type ListedTensor, listedTensor, type StoredTensor, storedTensor } from "./stored-tensor.js";
import { EmbeddedStorage, Storage, UnreadableTensor } from "./tensor.js";
import { type AnyTensor, nameTensors } from "./tensor-names.js";
import { unpickle } from "./unpickle.js";
import { readZipFile } from "./zip-file.js";

// What a member of an archive takes of a pickle's budget, in values.
const memberWeight = 8;

/**
 * What torch.save wrote before 1.6, and what pickle.dump writes of tensors and NumPy arrays. What torch.save writes
 * since are zip archives, as other formats are too: see {@link openPyTorchZip}.
 */
export const pyTorch: Format = { name: "PyTorch", recognises: isPickle, open: openPickle };

/**
 * Opens a zip archive of torch.save, whose members have been listed. Owns the bytes: closes them when the checkpoint is
 * closed, or when opening fails.
 *
 * @throws CheckpointError
 */
export function openPyTorchZip(
  bytes: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  signal?: AbortSignal,
): Promise<CheckpointSource> {
  return openValue(bytes, (budget) => readZipFile(bytes.label, members, budget, signal), signal);
}

/** Protocols since 2 begin with their number; older ones with one of some letters, so that the name has to say more. */
function isPickle(start: Uint8Array, fileName: string): boolean {
  if (start[0] === 0x80) return start[1] !== undefined && start[1] >= 2 && start[1] <= 5;
  return /\.(bin|pt|pth|ckpt|pkl|pickle)$/.test(fileName) && "(}]cL".includes(String.fromCharCode(start[0] ?? 0));
}

function openPickle(bytes: ByteSource, _place: unknown, signal?: AbortSignal): Promise<CheckpointSource> {
  return openValue(bytes, (budget) => readPickle(new PickleCursor(bytes, budget, signal)), signal);
}

async function openValue(
  bytes: ByteSource,
  read: (budget: PickleBudget) => Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<CheckpointSource> {
  try {
    signal?.throwIfAborted();
    const budget = pickleBudget();
    const named = nameTensors(await read(budget), bytes.label);
    return sourceOf({
      label: bytes.label,
      entries: await entriesOf(named, bytes.label, budget, signal),
      read: readTensor,
      close: () => bytes.close(),
    });
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** An old file is several pickles, the first of which says so; else there is one. */
async function readPickle(cursor: PickleCursor): Promise<Value> {
  const value = await unpickle(cursor, aloneWorld);
  return value === magicNumber ? readOldFile(cursor) : value;
}

async function entriesOf(
  named: ReadonlyMap<string, AnyTensor>,
  label: string,
  budget: PickleBudget,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, StoredTensor | ListedTensor>> {
  const opened = new Map<PickledBytes, Storage>();
  const entries = new Map<string, StoredTensor | ListedTensor>();
  for (const [name, found] of named) {
    const tensor = found instanceof NumpyArray ? found.tensor(`${label}: ${quoted(name)}`) : found;
    if (tensor instanceof UnreadableTensor) {
      entries.set(name, listedTensor(tensor));
      continue;
    }
    const { storage } = tensor;
    if (storage instanceof EmbeddedStorage) {
      storage.storage = opened.get(storage.file) ?? (await readEmbedded(storage.file, budget, signal));
      opened.set(storage.file, storage.storage);
    }
    entries.set(name, storedTensor(tensor, name, label));
  }
  return entries;
}

/** A storage in a bare pickle is a file of torch.save's, and holds no other. */
async function readEmbedded(
  { bytes, begin, size }: PickledBytes,
  budget: PickleBudget,
  signal: AbortSignal | undefined,
): Promise<Storage> {
  const file = windowBytes(bytes, begin, begin + size);
  const start = new Uint8Array(Math.min(size, 4));
  await file.read(0, start, signal);
  const cursor = new PickleCursor(file, budget, signal);
  const value = isZip(start) ? await readEmbeddedZip(cursor) : await readPickle(cursor);
  if (value instanceof Storage) return value;
  throw new CheckpointError("malformed", `${bytes.label}: a tensor's storage is another thing than a storage`);
}

async function readEmbeddedZip(cursor: PickleCursor): Promise<Value> {
  const { label, bytes, budget, signal } = cursor;
  const members = await readZip(bytes, signal);
  // One text may be the bytes of any number of storages, each of which has the archive's directory read again.
  cursor.spend(memberWeight * members.size);
  if ([...members.values()].some(({ isStored }) => !isStored)) {
    throw cursor.error("unsupported", "a storage's archive is compressed, which PyTorch never does; save it again");
  }
  return readZipFile(label, members, budget, signal);
}
