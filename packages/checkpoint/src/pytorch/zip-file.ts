import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { ZipMember } from "../zip/read-zip.js";
import { pickleIn } from "./is-pytorch-zip.js";
import { knownGlobal } from "./known-globals.js";
import { type PickleBudget, PickleCursor } from "./pickle-cursor.js";
import type { PickleSite, Value } from "./pickled-value.js";
import { readStorageId } from "./storage-id.js";
import { Storage } from "./tensor.js";
import { unpickle } from "./unpickle.js";

/**
 * What a zip archive of torch.save holds: `data.pkl` is the value, `data/<key>` are the storages, of which nothing is
 * read here.
 *
 * @throws CheckpointError `unsupported` for files of big-endian machines, `limit` for a pickle of more than 64 MB.
 */
export async function readZipFile(
  label: string,
  members: ReadonlyMap<string, ZipMember>,
  budget: PickleBudget,
  signal?: AbortSignal,
): Promise<Value> {
  const name = pickleIn(members.keys());
  const pickle = name === undefined ? undefined : members.get(name);
  if (pickle === undefined) {
    throw new CheckpointError("malformed", `${label} is a zip archive without a data.pkl, so not one of PyTorch's`);
  }
  const folder = pickle.name.slice(0, -"data.pkl".length);
  await checkByteOrder(label, members.get(`${folder}byteorder`), signal);
  if (pickle.size > budget.bytes) {
    throw new CheckpointError("limit", `${label}: data.pkl has ${pickle.size} bytes; ${budget.bytes} are allowed`);
  }
  const cursor = new PickleCursor(await pickle.open(signal), budget, signal);
  return unpickle(cursor, {
    global: knownGlobal,
    persistent: (id, site) => storageOf(id, site, (key) => members.get(`${folder}data/${key}`)),
  });
}

async function checkByteOrder(label: string, member: ZipMember | undefined, signal?: AbortSignal): Promise<void> {
  if (member === undefined) return;
  // Longer than any of the two words is neither.
  const word = new Uint8Array(Math.min(member.size, 16));
  if (word.length > 0 && member.size <= 16) await (await member.open(signal)).read(0, word, signal);
  const order = new TextDecoder().decode(word);
  if (order === "little") return;
  const problem = `its order of bytes is ${quoted(order)}, and only "little" is read`;
  throw new CheckpointError("unsupported", `${label}: ${problem}; save it again on a little-endian machine`);
}

function storageOf(value: Value, site: PickleSite, memberOf: (key: string) => ZipMember | undefined): Storage {
  const { type, key, count } = readStorageId(value, site);
  const member = memberOf(key);
  if (member === undefined) throw site.error("malformed", `there is no storage ${quoted(`data/${key}`)}`);
  const size = count * type.bytes;
  if (size > member.size) {
    throw site.error("truncated", `storage ${quoted(`data/${key}`)} should have ${size} bytes, and has ${member.size}`);
  }
  let stored: ByteSource | undefined;
  return new Storage(type, size, async (signal) => {
    const bytes = stored ?? (await member.open(signal));
    // A window of the archive costs nothing to keep; what has been unpacked would be in memory twice.
    if (member.isStored) stored = bytes;
    return { bytes, begin: 0 };
  });
}
