import type { Random } from "../random.js";
import { assemble, utf8 } from "./assemble.js";

/** A file in a tar archive. */
export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A tar archive whose headers may lie, but with the checksums of what they say. */
export function tarArchive(files: readonly TarFile[], random: Random): Uint8Array {
  const entries = files.flatMap(({ name, content }) => [
    ...(random.chance(0.2) ? [extension(random)] : []),
    entry(
      name,
      content,
      random.orWrong("0", () => random.pick([..."\x0012345679xgLKSV"])),
      random,
    ),
  ]);
  const end = new Uint8Array(random.orWrong(1024, () => random.below(1024)));
  return assemble(entries, end);
}

/** What tells more of the entry that follows: a record of pax, or a long name of GNU's. */
function extension(random: Random): Uint8Array {
  if (random.chance(0.3)) return entry("././@LongLink", utf8(`${"long/".repeat(random.below(60))}name\0`), "L", random);
  const key = random.orWrong("mtime", () =>
    random.pick(["path", "size", "linkpath", "__proto__", "charset", "GNU.sparse.map"]),
  );
  const value = random.orWrong("1.5", () =>
    random.pick(["../x", String(random.extreme()), "-1", "\0", "a".repeat(3000)]),
  );
  const body = ` ${key}=${value}\n`;
  const length = random.count(body.length + String(body.length + 2).length);
  return entry("PaxHeaders/x", utf8(`${length}${body}`), random.pick(["x", "x", "g"]), random);
}

function entry(name: string, content: Uint8Array, type: string, random: Random): Uint8Array {
  const header = new Uint8Array(512);
  const put = (at: number, length: number, text: string) =>
    header.set(Buffer.from(text, "utf8").subarray(0, length), at);
  put(0, 100, name);
  put(100, 8, "0000644\0");
  put(108, 8, "0000000\0");
  put(116, 8, "0000000\0");
  put(124, 12, sizeField(content.length, random));
  put(136, 12, "00000000000\0");
  put(156, 1, type);
  put(157, 100, type === "1" || type === "2" ? "../target" : "");
  put(
    257,
    8,
    random.orWrong("ustar\x0000", () => random.pick(["ustar  \0", "\0".repeat(8), "ustar\x0099"])),
  );
  put(
    345,
    155,
    random.orWrong("", () => "prefix/".repeat(random.below(30))),
  );
  put(
    148,
    8,
    random.orWrong(checksum(header), () => "0000001\0 "),
  );
  return assemble(header, content, new Uint8Array((512 - (content.length % 512)) % 512));
}

/** In octal digits or, as GNU has it for large ones, in binary. */
function sizeField(size: number, random: Random): string {
  const octal = `${size.toString(8).padStart(11, "0")}\0`;
  const odd = () =>
    random.pick([`${Number(random.extreme()).toString(8)}\0`, "-0000000001\0", "zzz\0", " ".repeat(12)]);
  return random.orWrong(octal, odd);
}

function checksum(header: Uint8Array): string {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}
