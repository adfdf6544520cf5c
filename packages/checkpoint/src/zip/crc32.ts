let table: Uint32Array | undefined;

/** CRC-32 of bytes that come in pieces: give it what it gave for those before. Source: ISO 3309, as in zip and gzip. */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= makeTable();
  let sum = ~before;
  for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]!) & 0xff]! ^ (sum >>> 8);
  return ~sum >>> 0;
}

function makeTable(): Uint32Array {
  const reversedPolynomial = 0xedb88320;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ reversedPolynomial : sum >>> 1;
    return sum;
  });
}
