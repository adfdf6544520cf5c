import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { MemoryCaches } from "../fixtures/memory-caches.js";
import { bytesFrom } from "../fixtures/scene.js";
import { nodeModules } from "../node-modules.js";
import type { RepoFile } from "../repo-file.js";
import { openWebCache } from "./browser/web-cache.js";
import type { CachedRepo, ModelCache } from "./model-cache.js";
import { openNodeCache } from "./node/node-cache.js";

let folder = "";
let cache: ModelCache;
let repo: CachedRepo;

/** Each kind of cache, empty. */
const kinds: readonly [string, () => Promise<ModelCache>][] = [
  ["a folder", async () => openNodeCache(nodeModules()!, folder)],
  ["a browser's cache", async () => openWebCache(new MemoryCaches() as unknown as CacheStorage)],
];

const [one, other] = ["1".repeat(40), "2".repeat(40)];
const watch = { signal: undefined, stall: 1000, onWait: () => {} };
const large = bytesFrom(2, 40_000);
const small = new TextEncoder().encode("small");
const largeFile: RepoFile = { path: "a/large.bin", size: large.length, etag: sha256(large) };
const smallFile: RepoFile = { path: "small.txt", size: 5, etag: "a9cc21edd7d4d0c6a0d16eb0a6f9d0bd8c5ab4bb" };

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const gitName = (bytes: Uint8Array): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

async function bring(file: RepoFile, bytes: Uint8Array, commit = one): Promise<void> {
  const partial = await repo.claim(file, watch);
  await partial?.write(0, bytes);
  expect(await partial?.keep()).not.toBe(false);
  await partial?.release();
  await repo.add(commit, file);
}

describe.each(kinds)("%s keeps models", (_kind, open) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "model-cache-"));
    cache = await open();
    repo = cache.model("ns/name");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("at first there is nothing, and nothing is known", async () => {
    expect(await cache.list()).toEqual([]);
    expect(await repo.commitOf("main")).toBeUndefined();
    expect(await repo.stateOf(one, "config.json")).toBe("unknown");
    expect(await repo.holds(largeFile)).toBe(false);
  });

  test("a file that was brought is there, whole, of the commit that it was added to", async () => {
    await bring(largeFile, large);
    expect(await repo.stateOf(one, largeFile.path)).toBe("present");
    expect(await repo.stateOf(other, largeFile.path)).toBe("unknown");
    expect(await repo.isSound(one, largeFile.path)).toBe(true);
    const blob = await repo.open(one, largeFile.path);
    expect(blob.size).toBe(large.length);
    expect(Buffer.from(await blob.slice(100, 200).arrayBuffer()).equals(large.slice(100, 200))).toBe(true);
    expect(await repo.claim(largeFile, watch)).toBeUndefined();
  });

  test("a file that git names by a sha1 is hashed as git hashes it", async () => {
    await bring({ ...smallFile, etag: gitName(small) }, small);
    expect(await (await repo.open(one, smallFile.path)).text()).toBe("small");
  });

  test("bytes with another hash, or too few, are not kept", async () => {
    const partial = (await repo.claim(smallFile, watch))!;
    await partial.write(0, small);
    expect(await partial.keep()).toBe(false);
    await partial.empty();
    expect(partial.size).toBe(0);
    await partial.release();
    const short = (await repo.claim(largeFile, watch))!;
    await short.write(0, large.subarray(0, 39_999));
    expect(await short.keep()).toBe(false);
    await short.release();
    expect(await repo.holds(largeFile)).toBe(false);
  });

  test("what an attempt has left is gone on with", async () => {
    const first = (await repo.claim(largeFile, watch))!;
    await first.write(0, large.subarray(0, 10_000));
    await first.write(10_000, large.subarray(10_000, 15_000));
    await first.release();
    const second = (await repo.claim(largeFile, watch))!;
    expect(second.size).toBe(15_000);
    await second.write(15_000, large.subarray(15_000));
    expect(await second.keep()).toBe(true);
    await second.release();
    expect(await repo.holds(largeFile)).toBe(true);
  });

  test("bytes written at 0 take the place of all that was there", async () => {
    const partial = (await repo.claim(largeFile, watch))!;
    await partial.write(0, large.subarray(0, 30_000));
    await partial.write(0, large.subarray(0, 100));
    expect(partial.size).toBe(100);
    await partial.write(100, large.subarray(100));
    expect(await partial.keep()).toBe(true);
    await partial.release();
  });

  test("a revision stands for a commit, and an absent file is known to be absent", async () => {
    await repo.setCommit("refs/pr/1", one);
    await repo.setCommit("main", one);
    await repo.setCommit("main", other);
    expect([await repo.commitOf("main"), await repo.commitOf("refs/pr/1")]).toEqual([other, one]);
    await repo.markAbsent(one, "a/none.json");
    expect(await repo.stateOf(one, "a/none.json")).toBe("absent");
    expect(await repo.stateOf(other, "a/none.json")).toBe("unknown");
  });

  test("models are listed with their commits, shared bytes counted once, and verified", async () => {
    await bring(largeFile, large);
    await bring({ ...smallFile, etag: gitName(small) }, small);
    await repo.add(other, largeFile);
    await repo.setCommit("main", other);
    await repo.setCommit("v1", one);
    const [model, ...others] = await cache.list();
    expect(others).toEqual([]);
    expect(model).toMatchObject({ name: "ns/name", bytes: 40_005 });
    expect([...model!.commits].sort((a, b) => a.files - b.files)).toEqual([
      { commit: other, revisions: ["main"], files: 1, bytes: 40_000 },
      { commit: one, revisions: ["v1"], files: 2, bytes: 40_005 },
    ]);
    expect(await repo.verify(one)).toEqual([
      { commit: one, path: "a/large.bin", bytes: 40_000, state: "ok" },
      { commit: one, path: "small.txt", bytes: 5, state: "ok" },
    ]);
    expect(await repo.verify()).toHaveLength(3);
  });

  test("removing a commit leaves what others need; removing all leaves nothing", async () => {
    await bring(largeFile, large);
    await bring({ ...smallFile, etag: gitName(small) }, small);
    await repo.add(other, largeFile);
    await repo.setCommit("main", one);
    await repo.setCommit("v1", other);
    await repo.markAbsent(one, "none");
    expect(await repo.remove(one)).toBe(5);
    expect(await repo.commitOf("main")).toBeUndefined();
    expect(await repo.stateOf(one, "none")).toBe("unknown");
    expect(await repo.stateOf(one, largeFile.path)).toBe("unknown");
    expect(await repo.stateOf(other, largeFile.path)).toBe("present");
    expect((await repo.verify()).map(({ state }) => state)).toEqual(["ok"]);
    expect(await repo.remove()).toBe(40_000);
    expect(await cache.list()).toEqual([]);
    expect(await repo.holds(largeFile)).toBe(false);
  });

  test("names and paths with odd characters stay apart", async () => {
    const names = ["a%2Fb.txt", "a/b.txt", "a b?.txt", "ü#.txt"];
    for (const path of names) {
      const bytes = new TextEncoder().encode(path);
      await bring({ path, size: bytes.length, etag: sha256(bytes) }, bytes);
    }
    for (const path of names) expect(await (await repo.open(one, path)).text()).toBe(path);
    expect((await repo.verify()).map(({ path }) => path).sort()).toEqual([...names].sort());
    expect(await cache.model("ns/nam").stateOf(one, "a/b.txt")).toBe("unknown");
  });
});
