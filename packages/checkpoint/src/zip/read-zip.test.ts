import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { CheckpointError } from "../checkpoint-error.js";
import { type FixtureMember, zipArchive } from "../fixtures/zip-archive.js";
import { crc32 } from "./crc32.js";
import { isZip, readZip } from "./read-zip.js";

const zip = (archive: Uint8Array, unpackLimit?: number) =>
  readZip(memoryBytes(archive, "a.zip"), undefined, unpackLimit);

async function contentOf(archive: Uint8Array, name: string): Promise<string> {
  const source = await (await zip(archive)).get(name)!.open();
  const content = new Uint8Array(source.size);
  await source.read(0, content);
  return new TextDecoder().decode(content);
}

/** Opens an archive of one member and then the member. */
async function openOne(member: Partial<FixtureMember>): Promise<unknown> {
  const archive = zipArchive([{ name: "a", content: "some text, some text, some text", ...member }]);
  return (await zip(archive)).get(member.name ?? "a")?.open();
}

describe("the checksum of zip", () => {
  test("of 123456789 is cbf43926, whole and in pieces", () => {
    const bytes = new TextEncoder().encode("123456789");
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
  });
});

describe("a zip archive", () => {
  test("is told by its first bytes", () => {
    expect(isZip(zipArchive([{ name: "a" }]))).toBe(true);
    expect(isZip(zipArchive([]))).toBe(true);
    expect(isZip(new TextEncoder().encode("PK"))).toBe(false);
    expect(isZip(new TextEncoder().encode("PKZIP"))).toBe(false);
  });

  test.each([
    ["as it is", {}, {}],
    ["with a comment", {}, { comment: "PK\u0005\u0006 made by hand".padEnd(60_000, ".") }],
    ["with sizes after the data", { descriptor: true }, {}],
    ["with sizes and records of zip64", { zip64: true }, { zip64: true }],
  ])("gives stored and deflated members, %s", async (_, member, archive) => {
    const bytes = zipArchive(
      [
        { name: "folder/", content: "" },
        { name: "folder/stored", content: "as it is", ...member },
        { name: "größe", content: "again and again and again", deflated: true, ...member },
        { name: "empty", deflated: true, ...member },
      ],
      archive,
    );
    const members = await zip(bytes);
    expect([...members.values()].map(({ name, size, isStored }) => [name, size, isStored])).toEqual([
      ["folder/stored", 8, true],
      ["größe", 25, false],
      ["empty", 0, false],
    ]);
    expect(await contentOf(bytes, "folder/stored")).toBe("as it is");
    expect(await contentOf(bytes, "größe")).toBe("again and again and again");
    expect(await contentOf(bytes, "empty")).toBe("");
  });

  test("costs its directory to open, and of a stored member what is read", async () => {
    const content = new Uint8Array(1_000_000).map((_, i) => i % 251);
    const archive = zipArchive([
      { name: "a", content },
      { name: "b", content },
    ]);
    let read = 0;
    const source = memoryBytes(archive);
    const counting: typeof source = {
      ...source,
      read: (from, into, signal) => {
        read += into.length;
        return source.read(from, into, signal);
      },
    };
    const member = await (await readZip(counting)).get("b")!.open();
    const part = new Uint8Array(3);
    await member.read(500_000, part);
    expect([...part]).toEqual([500_000, 500_001, 500_002].map((i) => i % 251));
    expect(read).toBeLessThan(70_000);
  });

  test("of several megabytes, deflated, is unpacked right", async () => {
    const content = Uint8Array.from({ length: 3_500_001 }, (_, i) => (i * i) >> 5);
    const member = await (await zip(zipArchive([{ name: "a", content, deflated: true }]))).get("a")!.open();
    const unpacked = new Uint8Array(member.size);
    await member.read(0, unpacked);
    expect(Buffer.from(unpacked).equals(content)).toBe(true);
  });

  test("stays open when a member is closed, and the member does not", async () => {
    const members = await zip(zipArchive([{ name: "a", content: "text" }]));
    const first = await members.get("a")!.open();
    await first.close();
    await expect(first.read(0, new Uint8Array(1))).rejects.toMatchObject({ code: "closed" });
    await (await members.get("a")!.open()).read(0, new Uint8Array(1));
  });

  test.each<[string, Partial<FixtureMember>, string, string]>([
    ["encrypted", { flags: 1 }, "unsupported", "is encrypted"],
    ["compressed by another method", { method: 12 }, "unsupported", "method 12"],
    ["a link", { mode: 0o120777 }, "unsupported", "link or device"],
    ["a device", { mode: 0o020666 }, "unsupported", "link or device"],
    ["a folder with bytes", { name: "a/" }, "malformed", "a folder, but it has bytes"],
    ["outside of the archive", { from: 10_000 }, "malformed", "reaches at least to byte"],
    ["far outside of the archive", { zip64: true, from: 2 ** 60 }, "malformed", "reaches at least to byte"],
    ["not where the directory says", { from: 1 }, "malformed", "reaches at least to byte"],
    ["called otherwise in its local header", { localName: "b" }, "malformed", "says other than the directory"],
    ["stored with two sizes", { size: 5 }, "malformed", "stored, but 31 bytes for 5"],
    ["deflated to less than stated", { deflated: true, size: 32 }, "malformed", "unpacks to 31 bytes"],
    ["deflated to more than stated", { deflated: true, size: 30 }, "malformed", "more than the 30 bytes"],
    [
      "deflated to more than deflate can",
      { deflated: true, size: 2 ** 31 },
      "malformed",
      "cannot unpack to 2147483648",
    ],
    ["deflated with a wrong checksum", { deflated: true, crc: 1 }, "malformed", "checksum"],
    ["deflated in name only", { method: 8 }, "malformed", "cannot be unpacked"],
    ["without the size its header sends for", { size: 0xffffffff }, "malformed", "a size is missing"],
  ])("is refused with a member that is %s", async (_, member, code, message) => {
    await expect(openOne(member)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("is refused with two members of one name, or of the same bytes", async () => {
    const twice = zipArchive([{ name: "a" }, { name: "a" }]);
    await expect(zip(twice)).rejects.toMatchObject({ code: "malformed", message: 'a.zip: two members are called "a"' });
    const shared = zipArchive([
      { name: "a", content: "text" },
      { name: "b", content: "text", from: 0 },
    ]);
    await expect(zip(shared)).rejects.toMatchObject({ code: "malformed" });
  });

  test("is refused where its records contradict each other or are of several files", async () => {
    const archive = zipArchive([{ name: "a" }], { zip64: true });
    const end = archive.length - 22;
    const altered = (at: number, value: number) => Uint8Array.from(archive, (byte, i) => (i === at ? value : byte));
    for (const [at, value, code] of [
      [end + 4, 1, "unsupported"],
      [end + 8, 7, "unsupported"],
      [end + 12, 0, "malformed"],
      [end - 20 + 8, 9, "malformed"],
      [end - 20 + 16, 2, "unsupported"],
      [end - 76, 0, "malformed"],
      [end - 76 + 4, 45, "malformed"],
      [end - 76 + 16, 1, "unsupported"],
      [end - 76 + 24, 2, "unsupported"],
      [end - 76 + 40, 1, "malformed"],
      [end - 76 + 48, 1, "malformed"],
    ] as const) {
      await expect(zip(altered(at, value))).rejects.toMatchObject({ code });
    }
  });

  test("that unpacks to more than is allowed is refused before a byte is unpacked", async () => {
    const bomb = zipArchive([{ name: "zeros", content: new Uint8Array(1_000_000), deflated: true }]);
    const members = await zip(bomb, 999_999);
    await expect(members.get("zeros")!.open()).rejects.toMatchObject({
      code: "limit",
      message: expect.stringContaining("raise unpackLimit"),
    });
    expect((await (await zip(bomb, 1_000_000)).get("zeros")!.open()).size).toBe(1_000_000);
  });

  test("stops unpacking at a signal", async () => {
    const members = await zip(zipArchive([{ name: "a", content: "text", deflated: true }]));
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(members.get("a")!.open(aborted)).rejects.toThrow("enough");
    const controller = new AbortController();
    const packed = deflateRawSync(new Uint8Array(50_000_000));
    const large = zipArchive([{ name: "a", content: packed, method: 8, size: 50_000_000, crc: 0 }]);
    const opening = (await zip(large)).get("a")!.open(controller.signal);
    setTimeout(() => controller.abort(new Error("enough")));
    await expect(opening).rejects.toThrow("enough");
  });

  test("is refused wherever it is cut, and whatever else a byte says", async () => {
    const archive = zipArchive([
      { name: "a", content: "some text" },
      { name: "b", content: "text, text, text, text", deflated: true },
    ]);
    const readAll = async (bytes: Uint8Array) => {
      for (const member of (await zip(bytes)).values()) {
        const source = await member.open();
        await source.read(0, new Uint8Array(source.size));
      }
    };
    for (let length = 0; length < archive.length; length++) {
      await expect(readAll(archive.subarray(0, length))).rejects.toMatchObject({ code: "truncated" });
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), async (at, value) => {
        const altered = Uint8Array.from(archive, (byte, i) => (i === at ? value : byte));
        await readAll(altered).catch((error: unknown) => expect(error).toBeInstanceOf(CheckpointError));
      }),
    );
  });
});
