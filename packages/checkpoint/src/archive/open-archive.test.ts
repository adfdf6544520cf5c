import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { packTar, type TarHeader } from "modern-tar";
import { CheckpointError } from "../checkpoint-error.js";
import { zipArchive } from "../fixtures/zip-archive.js";
import { openCheckpoint, serializeSafetensors, serializeTensorFlow } from "../index.js";
import { isArchive, openArchive } from "./open-archive.js";

const arrays = [{ name: "a", shape: [2], dtype: "float32" as const, values: new Float32Array([1, 2]) }];
const model = serializeSafetensors(arrays);
const config = new TextEncoder().encode('{"hidden_size": 2}');

type Files = ReadonlyMap<string, Uint8Array>;

async function releaseOf(folder: string): Promise<Files> {
  const checkpoint = await serializeTensorFlow(arrays, "bert_model.ckpt");
  return new Map([...checkpoint, ["bert_config.json", config] as const].map(([name, file]) => [folder + name, file]));
}

const zipOf = (files: Files, deflated = true) =>
  zipArchive([...files].map(([name, content]) => ({ name, content, deflated })));

function tarOf(files: Files, header: Partial<TarHeader> = {}): Promise<Uint8Array> {
  return packTar([...files].map(([name, body]) => ({ header: { name, size: body.length, ...header }, body })));
}

describe("an archive of a release", () => {
  test("is told by its name where nothing else is known", () => {
    const names = ["a.zip", "A.ZIP", "a.tar.gz", "a.tgz", "a.tar", "a.gz", "a.npz", "zip"];
    expect(names.filter(isArchive)).toEqual(["a.zip", "A.ZIP", "a.tar.gz", "a.tgz", "a.tar"]);
  });

  test.each(["", "uncased_L-2/", "./uncased_L-2/"])(
    "gives its checkpoint and its texts, in folder %j",
    async (folder) => {
      const files = await releaseOf(folder);
      const tar = await tarOf(files);
      for (const bytes of [zipOf(files), zipOf(files, false), tar, gzipSync(tar)]) {
        await using archive = await openArchive(bytes);
        expect([...archive.names].sort()).toEqual([
          "bert_config.json",
          "bert_model.ckpt.data-00000-of-00001",
          "bert_model.ckpt.index",
          "checkpoint",
        ]);
        expect(await archive.readText("bert_config.json")).toBe('{"hidden_size": 2}');
        expect(await archive.readText("vocab.txt")).toBeUndefined();
        const inside = await archive.openCheckpoint();
        expect(await inside.read("a")).toEqual(new Float32Array([1, 2]));
        await inside.close();
        const source = await openCheckpoint(bytes);
        expect(await source.read("a", { rows: [1, 2] })).toEqual(new Float32Array([2]));
        await source.close();
        await expect(source.read("a")).rejects.toMatchObject({ code: "closed" });
      }
    },
  );

  test("of several folders gives the checkpoint of the one asked for", async () => {
    const bytes = zipOf(new Map([...(await releaseOf("a/")), ["b/model.safetensors", model]]));
    await using archive = await openArchive(bytes);
    for (const folder of ["a", "b/"]) {
      await using source = await archive.openCheckpoint(folder);
      expect(await source.read("a")).toEqual(new Float32Array([1, 2]));
    }
    await expect(archive.openCheckpoint()).rejects.toMatchObject({ code: "missing" });
    await expect(archive.openCheckpoint("../b")).rejects.toMatchObject({ code: "malformed" });
    await expect(archive.readText("../secret")).rejects.toMatchObject({ code: "malformed" });
  });

  test("made on macOS has no more files than were put in", async () => {
    const files = new Map([
      ["tiny/model.safetensors", model],
      ["__MACOSX/tiny/._model.safetensors", config],
    ]);
    await using archive = await openArchive(zipOf(files));
    expect(archive.names).toEqual(["model.safetensors"]);
  });

  test("is not looked for in an archive", async () => {
    const inner = zipOf(new Map([["model.safetensors", model]]));
    const outer = zipOf(new Map([["model.safetensors", inner]]));
    await expect(openCheckpoint(outer)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("is an archive, not a checkpoint"),
    });
  });

  test.each(["../model.safetensors", "/model.safetensors", "a/../../b", "a//b", "..\\a", "C:/a", "a\u0001b", "."])(
    "is refused with a file called %j",
    async (name) => {
      const files = new Map([[name, model]]);
      for (const bytes of [zipOf(files), await tarOf(files)]) {
        await expect(openArchive(bytes)).rejects.toMatchObject({
          code: "malformed",
          message: expect.stringContaining("is no path inside of an archive's folder"),
        });
      }
    },
  );

  test("is refused with one path spelled in two ways", async () => {
    const files = new Map([
      ["a", model],
      ["./a", model],
    ]);
    for (const bytes of [zipOf(files), await tarOf(files)]) {
      await expect(openArchive(bytes)).rejects.toMatchObject({ code: "malformed" });
    }
  });

  test.each(["symlink", "link", "character-device", "block-device", "fifo"] as const)(
    "is refused with a %s in it",
    async (type) => {
      const bytes = await packTar([{ header: { name: "a", size: 0, type, linkname: "/etc/passwd" } }]);
      await expect(openArchive(bytes)).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining(`is a ${type}`),
      });
    },
  );

  test("is refused where it unpacks to more than is allowed", async () => {
    const zeros = new Map([["zeros", new Uint8Array(5_000_000)]]);
    const tar = await tarOf(zeros);
    for (const bytes of [tar, gzipSync(tar)]) {
      const opening = openArchive(bytes, { unpackLimit: 4_000_000 });
      await expect(opening).rejects.toMatchObject({ code: "limit", message: expect.stringContaining("unpackLimit") });
    }
    await using archive = await openArchive(zipOf(zeros), { unpackLimit: 4_000_000 });
    await expect(archive.readText("zeros")).rejects.toMatchObject({ code: "limit" });
  });

  test("has no texts that are not UTF-8", async () => {
    await using archive = await openArchive(zipOf(new Map([["a.txt", Uint8Array.of(0xff)]])));
    await expect(archive.readText("a.txt")).rejects.toMatchObject({ code: "malformed" });
  });

  test("is refused where it is no archive, or compressed and no tar", async () => {
    await expect(openArchive(model)).rejects.toMatchObject({
      code: "malformed",
      message: expect.stringContaining("use openCheckpoint"),
    });
    await expect(openArchive(new Blob([gzipSync(model)]))).rejects.toBeInstanceOf(CheckpointError);
  });

  test("stops at a signal", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(openArchive(gzipSync(await tarOf(new Map([["a", model]]))), { signal })).rejects.toThrow("enough");
  });

  test("is refused, or read, wherever it is cut and whatever else a byte says", async () => {
    const tar = await tarOf(await releaseOf("a/"));
    for (const bytes of [tar, new Uint8Array(gzipSync(tar))]) {
      const attempt = async (altered: Uint8Array) => {
        const opening = openCheckpoint(altered).then((source) => source.read("a"));
        await opening.catch((error: unknown) => expect(error).toBeInstanceOf(CheckpointError));
      };
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
          await attempt(bytes.subarray(0, at));
          await attempt(Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte)));
        }),
        { numRuns: 50 },
      );
    }
  });
});
