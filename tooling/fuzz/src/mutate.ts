import { assemble, little, varint } from "./formats/assemble.js";
import type { Random } from "./random.js";

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const mostBytes = 2 ** 20;
const interesting = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x22, 0x27, 0x28, 0x2e, 0x30, 0x5b, 0x7b];

/** Damages bytes in one to six places, in the ways that files are damaged and forged. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged: Uint8Array = bytes.slice();
  for (let left = 1 + random.below(6); left > 0; left--) {
    damaged = random.pick(mutations)(damaged, random).subarray(0, mostBytes);
  }
  return damaged;
}

const flipBit: Mutation = (bytes, random) => {
  if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};

const setByte: Mutation = (bytes, random) => {
  if (bytes.length > 0) {
    bytes[random.below(bytes.length)] = random.chance(0.5) ? random.pick(interesting) : random.below(256);
  }
  return bytes;
};

/** An integer of any width and order at any place. */
const setInteger: Mutation = (bytes, random) => {
  const integer = random.chance(0.2) ? varint(random.extreme()) : little(random.extreme(), random.pick([2, 4, 8]));
  if (random.chance(0.2)) integer.reverse();
  if (bytes.length >= integer.length) bytes.set(integer, random.below(bytes.length - integer.length + 1));
  return bytes;
};

/** A number written in digits, as in JSON, gets other digits. */
const setDigits: Mutation = (bytes, random) => {
  const from = bytes.findIndex(
    (byte, i) => isDigit(byte) && (i === 0 || !isDigit(bytes[i - 1]!)) && random.chance(0.3),
  );
  if (from < 0) return bytes;
  let to = from;
  while (to < bytes.length && isDigit(bytes[to]!)) to++;
  return assemble(bytes.subarray(0, from), String(random.extreme()), bytes.subarray(to));
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1));

const remove: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  return assemble(bytes.subarray(0, from), bytes.subarray(to));
};

const duplicate: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  const times = random.chance(0.1) ? random.below(100) : 1;
  return assemble(
    bytes.subarray(0, to),
    random.several(times, () => bytes.subarray(from, to)),
    bytes.subarray(to),
  );
};

/** A stretch of the bytes comes once more, elsewhere. */
const splice: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  const at = random.below(bytes.length + 1);
  return assemble(bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at));
};

const swap: Mutation = (bytes, random) => {
  const [from, to] = range(bytes, random);
  const middle = from + random.below(to - from + 1);
  const [left, right] = [bytes.subarray(from, middle), bytes.subarray(middle, to)];
  return assemble(bytes.subarray(0, from), right, left, bytes.subarray(to));
};

const fill: Mutation = (bytes, random) => bytes.fill(random.pick(interesting), ...range(bytes, random));

const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  return assemble(bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at));
};

// Those that leave most of a file as it is come more often, so that something is left to be read.
const gentle = [flipBit, setByte, setInteger, setDigits];
const mutations: readonly Mutation[] = [
  ...[...gentle, ...gentle, ...gentle],
  ...[truncate, remove, duplicate, splice, swap, fill, insert],
];

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A stretch that is short more often than long. */
function range(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length + 1);
  const most = random.pick([8, 64, bytes.length]);
  return [from, Math.min(bytes.length, from + random.below(most + 1))];
}
