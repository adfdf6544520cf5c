import { mutate } from "../mutate.js";
import type { Random } from "../random.js";
import { assemble, little, type Part, varint } from "./assemble.js";
import { snappyBlock } from "./snappy.js";

/** What a table says: keys in the order of their bytes, and values. */
export type TableEntries = readonly (readonly [key: Uint8Array, value: Uint8Array])[];

/** A sorted table as TensorFlow has them, which may lie but in its checksums, so that its blocks are read. */
export function sortedTable(entries: TableEntries, random: Random, compressed = 0.3): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const append = (content: Uint8Array): Uint8Array => {
    const stored = storedBlock(content, random, compressed);
    const handle = assemble(varint(anyCount(at, random)), varint(anyCount(stored.length - 5, random)));
    parts.push(stored);
    at += stored.length;
    return handle;
  };
  const half = random.chance(0.3) ? Math.floor(entries.length / 2) : entries.length;
  const blocks = [entries.slice(0, half), entries.slice(half)].filter((block) => block.length > 0);
  const index = blocks.map((block): [Uint8Array, Uint8Array] => {
    const bound = random.orWrong(block.at(-1)![0], () => random.bytes(3));
    return [bound, append(blockOf(block, random))];
  });
  const footer = assemble(append(blockOf([], random)), append(blockOf(index, random)));
  const magic = little(0xdb4775248b80fb57n, 8);
  return assemble(parts, footer.subarray(0, 40), new Uint8Array(Math.max(0, 40 - footer.length)), magic);
}

/** Keys without what they share with the ones before. */
function blockOf(entries: TableEntries, random: Random): Uint8Array {
  let last: Uint8Array = new Uint8Array(0);
  const parts = entries.map(([key, value]): Part => {
    const end = key.findIndex((byte, i) => byte !== last[i]);
    const shared = random.chance(0.5) ? 0 : end < 0 ? key.length : end;
    last = key;
    const lengths = [shared, key.length - shared, value.length].map((length) => varint(anyCount(length, random)));
    return [lengths, key.subarray(shared), value];
  });
  return assemble(parts, little(random.count(0), 4), little(random.count(1), 4));
}

/** A block and its trailer: how it is compressed, and a checksum that is right whatever it holds. */
function storedBlock(content: Uint8Array, random: Random, compressed: number): Uint8Array {
  const damaged = random.orWrong(content, () => mutate(content, random));
  const isCompressed = random.chance(compressed);
  const method = random.orWrong(isCompressed ? 1 : 0, () => random.below(4));
  const stored = assemble(isCompressed ? snappyBlock(damaged, random) : damaged, method);
  return assemble(
    stored,
    random.orWrong(little(maskedChecksum(stored), 4), () => random.bytes(4)),
  );
}

function anyCount(right: number, random: Random): bigint {
  return random.orWrong(BigInt(right), () => random.extreme());
}

/** CRC-32C, turned and moved as LevelDB stores it. */
export function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = checksums[(crc ^ byte) & 255]! ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const checksums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
