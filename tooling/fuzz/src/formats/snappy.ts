import type { Random } from "../random.js";
import { assemble, little, type Part, varint } from "./assemble.js";

/** A block in Snappy's format, cut into random literals and copies of all kinds, some of which may lie. */
export function snappyBlock(content: Uint8Array, random: Random): Uint8Array {
  const parts: Part[] = [varint(random.orWrong(BigInt(content.length), () => random.extreme()))];
  for (let at = 0; at < content.length; ) {
    const match = matchAt(content, at);
    const count = match === undefined ? 1 + random.below(Math.min(100, content.length - at)) : match.count;
    if (match === undefined) parts.push(literal(content.subarray(at, at + count), random));
    else parts.push(copy(random.count(match.count), random.count(match.distance), random));
    at += count;
  }
  return assemble(parts);
}

function matchAt(content: Uint8Array, at: number): { count: number; distance: number } | undefined {
  for (let distance = 1; distance <= Math.min(at, 40); distance++) {
    let count = 0;
    while (count < 11 && at + count < content.length && content[at + count] === content[at + count - distance]) count++;
    if (count >= 4) return { count, distance };
  }
  return undefined;
}

function literal(bytes: Uint8Array, random: Random): Part {
  const length = random.count(bytes.length) - 1;
  const width = random.orWrong(bytes.length > 60 ? 1 : 0, () => random.below(5));
  return [width === 0 ? ((length & 63) << 2) & 255 : (59 + width) << 2, little(length, width), bytes];
}

function copy(count: number, distance: number, random: Random): Part {
  switch (random.below(3)) {
    case 0:
      return [(((distance >> 8) & 7) << 5) | (((count - 4) & 7) << 2) | 1, distance & 255];
    case 1:
      return [(((count - 1) & 63) << 2) | 2, little(distance, 2)];
    default:
      return [(((count - 1) & 63) << 2) | 3, little(distance, 4)];
  }
}
