import { crc32, deflateRawSync } from "node:zlib";
import { mutate } from "../mutate.js";
import type { Random } from "../random.js";
import { assemble, little, utf8 } from "./assemble.js";

/** A file in a zip archive. */
export interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly isDeflated?: boolean;
}

/** A zip archive whose records may lie. */
export function zipArchive(files: readonly ZipFile[], random: Random): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const [local, central] = recordsOf(file, at, random);
    locals.push(local);
    directory.push(central);
    at += local.length;
  }
  const listed = assemble(directory);
  return assemble(locals, listed, endRecords(files.length, listed.length, at, random));
}

function recordsOf(file: ZipFile, at: number, random: Random): [local: Uint8Array, central: Uint8Array] {
  const { content, isDeflated = random.chance(0.3) } = file;
  const packed = isDeflated ? random.orWrong(deflated(content), () => mutate(deflated(content), random)) : content;
  const hasDescriptor = random.chance(0.2);
  const isLarge = random.chance(0.2);
  const name = utf8(file.name);
  const truth = [crc32(content), packed.length, content.length];
  const [crc, packedSize, size] = truth.map((number) => random.count(number));
  const flags = random.count(0x800 | (hasDescriptor ? 8 : 0));
  const method = random.orWrong(isDeflated ? 8 : 0, () => random.pick([0, 1, 8, 9, 12, 14, 99]));
  const start = [little(20, 2), little(flags, 2), little(method, 2), little(0, 4)];
  const extra = isLarge ? zip64Extra([size!, packedSize!, at], random) : [];
  const sizes = isLarge ? [little(0xffffffff, 4), little(0xffffffff, 4)] : [little(packedSize!, 4), little(size!, 4)];
  const lengths = [little(random.count(name.length), 2), little(assemble(extra).length, 2)];
  const stated = hasDescriptor ? new Uint8Array(12) : assemble(little(crc!, 4), sizes);
  const descriptor = hasDescriptor ? ["PK\x07\x08", little(crc!, 4), ...sizes] : [];
  const mode = random.orWrong(0o100644, () => random.pick([0o120777, 0o40755, 0o60644, 0]));
  const from = little(isLarge ? 0xffffffff : random.count(at), 4);
  const centralEnd = [little(random.count(0), 2), little(0, 4), little(mode * 65536, 4), from, name, extra];
  return [
    assemble("PK\x03\x04", start, stated, lengths, name, extra, packed, descriptor),
    assemble("PK\x01\x02", little(0x0314, 2), start, little(crc!, 4), sizes, lengths, centralEnd),
  ];
}

function zip64Extra(numbers: readonly number[], random: Random): Uint8Array[] {
  return [little(1, 2), little(random.count(24), 2), ...numbers.map((number) => little(random.count(number), 8))];
}

function endRecords(count: number, length: number, from: number, random: Random): Uint8Array {
  const isLarge = random.chance(0.2);
  const [members, size, begin] = [random.count(count), random.count(length), random.count(from)];
  const numbers = isLarge
    ? [little(0xffff, 2), little(0xffff, 2), little(0xffffffff, 4), little(0xffffffff, 4)]
    : [little(members, 2), little(members, 2), little(size, 4), little(begin, 4)];
  const large = assemble(
    ["PK\x06\x06", little(44, 8), little(45, 2), little(45, 2), little(0, 8)],
    [little(members, 8), little(members, 8), little(size, 8), little(begin, 8)],
    ["PK\x06\x07", little(0, 4), little(random.count(from + length), 8), little(random.count(1), 4)],
  );
  const comment = "c".repeat(random.chance(0.1) ? random.below(300) : 0);
  return assemble(isLarge ? large : [], "PK\x05\x06", little(0, 4), numbers, little(comment.length, 2), comment);
}

const deflatedBefore = new WeakMap<Uint8Array, Uint8Array>();

function deflated(content: Uint8Array): Uint8Array {
  const packed = deflatedBefore.get(content) ?? deflateRawSync(content);
  deflatedBefore.set(content, packed);
  return packed;
}
