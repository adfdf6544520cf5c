import { mutate } from "../mutate.js";
import type { Random } from "../random.js";
import { assemble, floats, little, utf8, varint } from "./assemble.js";
import { anyShape, elementsOf, namesOf } from "./names.js";
import { maskedChecksum, sortedTable, type TableEntries } from "./sorted-table.js";

/** The index of a TensorFlow checkpoint, and the bytes that lie in its data file. */
export interface TensorBundle {
  readonly index: Uint8Array;
  readonly data: Uint8Array;
}

const mostData = 2 ** 12;

/** A checkpoint of one data file whose messages may lie. */
export function tensorBundle(random: Random, compressed?: number): TensorBundle {
  const names = [...new Set(namesOf(1 + random.below(4), random))].map(utf8).sort(Buffer.compare);
  const parts: Uint8Array[] = [];
  let offset = 0;
  const listed = names.flatMap((name): TableEntries => {
    const rows = random.below(4);
    const shape = random.orWrong([rows, ...anyShape(random).slice(0, 2)], () => anyShape(random));
    const bytes = floats(Math.min(elementsOf(shape), mostData / 4) || 0);
    const place = { shape, offset, bytes };
    parts.push(bytes);
    offset += bytes.length;
    if (rows < 2 || random.chance(0.7)) return [[name, entryMessage(place, random)]];
    return partitioned(name, place, random);
  });
  const entries: TableEntries = [[new Uint8Array(0), headerMessage(random)], ...listed];
  const ordered = random.orWrong(
    [...entries].sort(([left], [right]) => Buffer.compare(left, right)),
    () => [...entries],
  );
  return { index: sortedTable(ordered, random, compressed), data: assemble(parts) };
}

interface Place {
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A variable in two slices: what it is, and each slice under a key of its own. */
function partitioned(name: Uint8Array, { shape, offset, bytes }: Place, random: Random): TableEntries {
  const [rows = 0, ...rest] = shape;
  const rowBytes = rows === 0 ? 0 : bytes.length / rows;
  const cuts: readonly (readonly [start: number, length: number])[] = [
    [0, random.count(1)],
    [1, random.count(rows - 1)],
  ];
  const slices = cuts.map((cut) => random.orWrong([cut, ...rest.map(() => undefined)], () => [cut, cut, undefined]));
  const parts = slices.map((slice, i): TableEntries[number] => {
    const [start, length] = cuts[i]!;
    const part = bytes.subarray(start * rowBytes, (start + length) * rowBytes);
    const place = { shape: [length, ...rest], offset: offset + start * rowBytes, bytes: part };
    return [sliceKey(name, slice), entryMessage(place, random)];
  });
  return [...parts, [name, entryMessage({ shape, offset: 0, bytes: new Uint8Array(0) }, random, slices)]];
}

type Slice = readonly (readonly [start: number, length: number] | undefined)[];

/** Source: tensorflow/core/util/saved_tensor_slice_util.cc; of numbers below 64. */
function sliceKey(name: Uint8Array, slice: Slice): Uint8Array {
  const extents = slice.map((extent) => [0x80 ^ (extent?.[0] ?? 0), extent === undefined ? 0x7f : 0x80 ^ extent[1]]);
  return assemble(
    0,
    name,
    0,
    1,
    1,
    slice.length,
    extents.flat().map((byte) => byte & 255),
  );
}

/** A `BundleHeaderProto`. */
function headerMessage(random: Random): Uint8Array {
  const versions = assemble(
    field(1, 1, random),
    field(
      2,
      random.orWrong(0, () => 2),
      random,
    ),
  );
  const header = assemble(
    field(1, 1, random),
    field(
      2,
      random.orWrong(0, () => 1),
      random,
    ),
    nested(3, versions, random),
  );
  return random.orWrong(header, () => mutate(header, random));
}

/** A `BundleEntryProto`. */
function entryMessage({ shape, offset, bytes }: Place, random: Random, slices: readonly Slice[] = []): Uint8Array {
  const extents = shape.map((extent) => nested(2, field(1, extent, random), random));
  const sliced = slices.map((slice) => {
    const axes = slice.map((extent) =>
      extent === undefined ? [] : [field(1, extent[0], random), field(2, extent[1], random)],
    );
    return nested(7, assemble(axes.map((axis) => nested(1, assemble(axis), random))), random);
  });
  const entry = assemble(
    field(
      1,
      random.orWrong(1, () => random.below(30)),
      random,
    ),
    nested(2, assemble(extents), random),
    field(
      3,
      random.orWrong(0, () => 1),
      random,
    ),
    field(4, offset, random),
    field(5, bytes.length, random),
    [0x35, random.orWrong(little(maskedChecksum(bytes), 4), () => random.bytes(4))],
    sliced,
  );
  return random.orWrong(entry, () => mutate(entry, random));
}

function field(number: number, value: number, random: Random): Uint8Array {
  const kind = random.orWrong(0, () => random.below(8));
  return assemble(varint(number * 8 + kind), varint(random.orWrong(BigInt(Math.trunc(value)), () => random.extreme())));
}

function nested(number: number, message: Uint8Array, random: Random): Uint8Array {
  return assemble(
    varint(number * 8 + 2),
    varint(random.orWrong(BigInt(message.length), () => random.extreme())),
    message,
  );
}
