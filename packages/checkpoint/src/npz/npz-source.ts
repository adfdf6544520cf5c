import type { ByteSource } from "../bytes/byte-source.js";
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

// Each header is a request or two where the archive is behind an address.
const headersAtOnce = 16;
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
      entries: await readHeaders([...members.values()], label, signal),
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
  members: readonly ZipMember[],
  label: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, MemberArray>> {
  const arrays = new Map<string, MemberArray>();
  for (let from = 0; from < members.length; from += headersAtOnce) {
    const some = members.slice(from, from + headersAtOnce);
    const headers = await Promise.all(some.map((member) => readHeader(member, label, signal)));
    for (const array of headers) arrays.set(withoutEnding(array.member.name), array);
  }
  return arrays;
}

async function readHeader(member: ZipMember, archive: string, signal?: AbortSignal): Promise<MemberArray> {
  const { name, size } = member;
  const start = (length: number) => member.start(length, signal);
  return { ...(await readNpyHeader({ label: `${archive}: ${quoted(name)}`, size, start })), member };
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
