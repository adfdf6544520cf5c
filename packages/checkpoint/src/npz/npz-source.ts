import type { ByteSource } from "../bytes/byte-source.js";
import { readAhead } from "../bytes/read-ahead.js";
import { quoted } from "../checkpoint-error.js";
import type { CheckpointSource, ReadOptions, Values } from "../checkpoint-source.js";
import type { Format } from "../format.js";
import { sourceOf } from "../source-of.js";
import type { ZipMember } from "../zip/read-zip.js";
import { isNpy, type NpyArray, readNpyHeader } from "./npy-header.js";
import { checkReadable, readNpy } from "./read-npy.js";

/** An array and the file of the archive that it is in. */
interface MemberArray extends NpyArray {
  readonly member: ZipMember;
}

// Where the archive is behind an address, a read is a request: small arrays share one, for their headers lie together.
const readsAtOnce = 16;
const longestRead = 64 * 2 ** 10;
// The header of zip and that of NumPy, with names of some length; of what is compressed, what is unpacked at first.
const [storedStart, packedStart] = [1024, 17 * 2 ** 10];
const ending = ".npy";
// As numpy.savez calls the first array without a name.
const unnamed = "arr_0";

/** One array of NumPy, as `numpy.save` writes it. It is called as the file is, without `.npy`. */
export const npy: Format = {
  name: "NumPy .npy",
  recognises: isNpy,
  async open(bytes, place, signal) {
    try {
      const { label, size } = bytes;
      const array = await readNpyHeader({ label, size, start: (length) => startOf(bytes, length, signal) });
      return sourceOf({
        label,
        entries: new Map([[nameOf(place.fileName), array]]),
        read: (entry, name, options) => readNpy(bytes, entry, name, options),
        close: () => bytes.close(),
      });
    } catch (error) {
      await bytes.close();
      throw error;
    }
  },
};

/** Whether a zip archive's members are what `numpy.savez` puts into one. */
export function isNpzZip(names: Iterable<string>): boolean {
  const all = [...names];
  return all.length > 0 && all.every((name) => name.endsWith(ending));
}

/**
 * The arrays of an `.npz`, by their names without `.npy`. Opening reads their headers. Of a compressed array read by
 * rows, what is unpacked stays in memory until its last row is read or another array is. Owns the bytes.
 *
 * @throws CheckpointError as {@link readNpyHeader} does.
 */
export async function openNpz(
  bytes: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  signal?: AbortSignal,
): Promise<CheckpointSource> {
  const { label } = bytes;
  try {
    const reader = new MemberReader();
    return sourceOf({
      label,
      entries: await readHeaders(bytes, [...members.values()], signal),
      read: (array, name, options) => reader.read(array, name, options),
      async close() {
        reader.forget();
        await bytes.close();
      },
    });
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function readHeaders(
  bytes: ByteSource,
  members: readonly ZipMember[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, MemberArray>> {
  const arrays = new Map<string, MemberArray>();
  const groups = neighbours(members);
  for (let from = 0; from < groups.length; from += readsAtOnce) {
    const some = groups.slice(from, from + readsAtOnce);
    const headers = await Promise.all(some.map((group) => readGroup(bytes, group, signal)));
    for (const array of headers.flat()) arrays.set(withoutEnding(array.member.name), array);
  }
  return arrays;
}

/** Members, which come in the order of their bytes, in groups whose headers fit one read. */
function neighbours(members: readonly ZipMember[]): ZipMember[][] {
  const groups: ZipMember[][] = [];
  for (const member of members) {
    const group = groups.at(-1);
    if (group !== undefined && startEnd(member) - group[0]!.from <= longestRead) group.push(member);
    else groups.push([member]);
  }
  return groups;
}

const startEnd = ({ from, isStored }: ZipMember): number => from + (isStored ? storedStart : packedStart);

async function readGroup(
  bytes: ByteSource,
  group: readonly ZipMember[],
  signal: AbortSignal | undefined,
): Promise<MemberArray[]> {
  const to = Math.min(startEnd(group.at(-1)!), bytes.size);
  const ahead = await readAhead(bytes, { from: group[0]!.from, to }, signal);
  return Promise.all(group.map((member) => readHeader(member, ahead, signal)));
}

async function readHeader(member: ZipMember, archive: ByteSource, signal?: AbortSignal): Promise<MemberArray> {
  const { name, size } = member;
  const start = (length: number) => member.start(length, archive, signal);
  return { ...(await readNpyHeader({ label: `${archive.label}: ${quoted(name)}`, size, start })), member };
}

/** Reads arrays, and keeps the compressed one that is being read by rows. */
class MemberReader {
  #unpacked: { readonly member: ZipMember; readonly bytes: ByteSource } | undefined;

  async read(array: MemberArray, name: string, options: ReadOptions): Promise<Values> {
    checkReadable(array, name);
    const { member } = array;
    if (this.#unpacked?.member !== member) this.forget();
    const bytes = this.#unpacked?.bytes ?? (await member.open(options.signal));
    const { rows } = options;
    if (member.isStored || rows === undefined || rows[1] === array.shape[0]) this.forget();
    else this.#unpacked = { member, bytes };
    return readNpy(bytes, array, name, options);
  }

  forget(): void {
    this.#unpacked = undefined;
  }
}

async function startOf(bytes: ByteSource, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  const start = new Uint8Array(Math.min(length, bytes.size));
  await bytes.read(0, start, signal);
  return start;
}

function nameOf(fileName: string): string {
  return fileName.endsWith(ending) ? withoutEnding(fileName) : unnamed;
}

function withoutEnding(name: string): string {
  return name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}
