import { Failure } from "../failure.js";

/**
 * The first line of a text without its byte order mark.
 * @throws {Failure} where it begins as files do that are not UTF-8 text: compressed ones, tables of programs, UTF-16.
 */
export function withoutMark(line: Buffer, name: string): Buffer {
  for (const { kind, magic, hint } of binaryFiles) {
    if (line.subarray(0, magic.length).equals(magic))
      throw new Failure(`${name}: wanted text, this is ${kind}`, { hint });
  }
  if (isUtf16(line)) {
    const hint = `convert it first: iconv -f UTF-16 -t UTF-8 ${name === "standard input" ? "FILE" : name}`;
    throw new Failure(`${name}: wanted UTF-8, this is UTF-16`, { hint });
  }
  return line.subarray(0, 3).equals(byteOrderMark) ? line.subarray(3) : line;
}

const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

const binaryFiles: readonly { readonly kind: string; readonly magic: Buffer; readonly hint: string }[] = [
  {
    kind: "compressed by gzip",
    magic: Buffer.of(0x1f, 0x8b, 0x08),
    hint: "give the file the extension .gz, or unpack it on the way: gzip -dc FILE | bertkit encode -",
  },
  {
    kind: "compressed by zstd",
    magic: Buffer.of(0x28, 0xb5, 0x2f, 0xfd),
    hint: "give the file the extension .zst, or unpack it on the way: zstd -dc FILE | bertkit encode -",
  },
  { kind: "Parquet", magic: Buffer.from("PAR1"), hint: "name the file with --input, and add --format parquet" },
  {
    kind: "compressed by xz",
    magic: Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00),
    hint: "unpack it on the way: xz -dc FILE | bertkit encode -",
  },
  {
    kind: "compressed by bzip2",
    magic: Buffer.concat([Buffer.from("BZh91AY&SY")]),
    hint: "unpack it on the way: bzip2 -dc FILE | bertkit encode -",
  },
  {
    kind: "a ZIP archive, as Excel and LibreOffice write too",
    magic: Buffer.from("PK\x03\x04"),
    hint: "unpack it, or save the sheet as CSV",
  },
];

/** By its mark, or by two letters of the Latin alphabet, each with a zero byte before or after it. */
function isUtf16(line: Buffer): boolean {
  const [a, b, c, d] = line;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  if (line.length < 4) return false;
  return (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0);
}
