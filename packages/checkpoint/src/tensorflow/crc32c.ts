/**
 * The CRC-32C (Castagnoli) of some bytes, as a signed 32-bit integer.
 *
 * @param before the checksum of the bytes before these, where they come in pieces.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  tables ??= makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - (bytes.length % 8);
  let crc = ~before;
  // Slicing by 8: the bytes of two words at once, each through the table of its distance from the end.
  for (let i = 0; i < end; i += 8) {
    const low = view.getInt32(i, true) ^ crc;
    const high = view.getInt32(i + 4, true);
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[high & 0xff]! ^
      t2[(high >>> 8) & 0xff]! ^
      t1[(high >>> 16) & 0xff]! ^
      t0[high >>> 24]!;
  }
  for (let i = end; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc;
}

/**
 * A checksum as TensorFlow and LevelDB store it, as an unsigned integer: rotated and shifted, because the CRC of bytes
 * that contain their own CRC says little.
 */
export function maskedChecksum(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

// Made when first needed, so that importing the package costs nothing.
let tables: Tables | undefined;

function makeTables(): Tables {
  const first = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[i] = crc;
  }
  /** The table for a byte one further from the end. */
  const further = (table: Int32Array) => table.map((crc) => first[crc & 0xff]! ^ (crc >>> 8));
  const second = further(first);
  const third = further(second);
  const fourth = further(third);
  const fifth = further(fourth);
  const sixth = further(fifth);
  const seventh = further(sixth);
  return [first, second, third, fourth, fifth, sixth, seventh, further(seventh)];
}
