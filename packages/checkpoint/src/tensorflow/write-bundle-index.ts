import { bytesOf, type DescribedArray } from "../named-array.js";
import type { TableEntry } from "./block.js";
import type { Wire } from "./bundle-messages.js";
import { typeNumbers } from "./element-types.js";
import { serializeTable } from "./write-table.js";

/**
 * The index of a checkpoint whose arrays lie one after another in one data file, in the order of their names' bytes.
 *
 * @param checksums of each array's bytes, masked.
 */
export function serializeIndex(
  arrays: readonly DescribedArray[],
  checksums: readonly number[],
  wire: Wire,
): Uint8Array {
  const entries: TableEntry[] = [{ key: new Uint8Array(0), value: headerMessage(wire) }];
  let offset = 0;
  for (const [i, array] of arrays.entries()) {
    const value = entryMessage(array, offset, checksums[i]!, wire);
    entries.push({ key: new TextEncoder().encode(array.name), value });
    offset += bytesOf(array.shape, array.dtype);
  }
  return serializeTable(entries);
}

/** A `BundleHeaderProto`: one data file, little-endian (which is 0, and so left out), version 1. */
function headerMessage({ BinaryWriter }: Wire): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, varint).int32(1);
  writer.tag(3, nested).fork();
  writer.tag(1, varint).int32(1);
  return writer.join().finish();
}

/** A `BundleEntryProto`. As everywhere in this format, a number that is 0 is left out. */
function entryMessage(
  { shape, dtype }: DescribedArray,
  offset: number,
  checksum: number,
  { BinaryWriter }: Wire,
): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, varint).int32(typeNumbers[dtype]);
  writer.tag(2, nested).fork();
  for (const extent of shape) {
    writer.tag(2, nested).fork();
    if (extent > 0) writer.tag(1, varint).int64(extent);
    writer.join();
  }
  writer.join();
  if (offset > 0) writer.tag(4, varint).int64(offset);
  const size = bytesOf(shape, dtype);
  if (size > 0) writer.tag(5, varint).int64(size);
  if (checksum > 0) writer.tag(6, fixed32).fixed32(checksum);
  return writer.finish();
}

// How a field's value is stored.
const varint = 0;
const nested = 2;
const fixed32 = 5;
