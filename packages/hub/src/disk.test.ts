import * as files from "node:fs/promises";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { CachedRepo } from "./cache/model-cache.js";
import { openNodeCache } from "./cache/node/node-cache.js";
import { download } from "./download.js";
import { failureOf, hurried, weights } from "./fixtures/scene.js";
import { nodeModules } from "./node-modules.js";
import type { RepoFile } from "./repo-file.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "disk-"));
});
afterEach(() => rm(folder, { recursive: true }));

const file: RepoFile = { path: "model.safetensors", size: 300_000, etag: "" };
const commit = "1".repeat(40);

/** A cache on a disk that refuses what is asked of it. */
function repoOn(refusals: Partial<typeof files>): CachedRepo {
  return openNodeCache({ ...nodeModules()!, files: { ...files, ...refusals } }, folder).model("ns/name");
}

const refusal = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

async function fetchInto(repo: CachedRepo): Promise<void> {
  const etag = (await import("node:crypto")).createHash("sha256").update(weights).digest("hex");
  async function* read(from: number) {
    for (let at = from; at < weights.length; at += 50_000) yield { at, bytes: weights.subarray(at, at + 50_000) };
  }
  const job = { repo, read, patience: hurried, signal: undefined, onBytes: () => {} };
  await download({ ...job, file: { ...file, etag } });
  await repo.add(commit, { ...file, etag });
}

/** Opens files that can be written to up to so many bytes. */
const openWithRoom = (room: number): Partial<typeof files> => ({
  async open(...request) {
    const handle = await files.open(...request);
    let left = room;
    return new Proxy(handle, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return async (...args: [Uint8Array, number, number, number]) => {
          if (name === "write") {
            if (left === 0) throw refusal("ENOSPC");
            args[2] = Math.min(args[2], left);
            left -= args[2];
          }
          return value.apply(target, args);
        };
      },
    });
  },
});

test("a full disk is an error that says how much was to go where, and what came is gone on with", async () => {
  const repo = join(folder, "models--ns--name");
  const error = await failureOf(fetchInto(repoOn(openWithRoom(120_000))));
  expect(error).toMatchObject({
    code: "disk",
    message: `model.safetensors (300,000 bytes) cannot be stored in ${repo}: there is no room left`,
    hint: expect.stringMatching(/HF_HUB_CACHE/),
  });
  const partial = join(repo, ".bertkit", "partial");
  const [left] = await readdir(partial);
  expect((await readFile(join(partial, left!))).equals(weights.subarray(0, 120_000))).toBe(true);
  await fetchInto(repoOn({}));
  expect(await readdir(partial)).toEqual([]);
});

test.each(["EACCES", "EROFS", "EIO"])("a folder that cannot be written (%s) is an error that says so", async (code) => {
  const refuse = () => Promise.reject(refusal(code));
  expect(await failureOf(fetchInto(repoOn({ mkdir: refuse })))).toMatchObject({
    code: "disk",
    message: expect.stringContaining(folder),
    hint: expect.any(String),
  });
  expect(await readdir(folder)).toEqual([]);
});

test("where there are no links, files are copies, which are used and removed all the same", async () => {
  const repo = repoOn({ symlink: () => Promise.reject(refusal("EPERM")) });
  await fetchInto(repo);
  expect(await repo.stateOf(commit, file.path)).toBe("present");
  expect(await repo.isSound(commit, file.path)).toBe(true);
  expect((await readFile(join(repo.folderOf(commit)!, file.path))).equals(weights)).toBe(true);
  expect(await repo.verify()).toMatchObject([{ state: "unknown" }]);
  await repo.remove();
  expect(await readdir(folder)).toEqual([]);
});

test("a cache that may only be read is used; its blobs are hashed each time", async () => {
  await fetchInto(repoOn({}));
  await rm(join(folder, "models--ns--name", ".bertkit"), { recursive: true });
  const refuse = () => Promise.reject(refusal("EROFS"));
  const repo = repoOn({ mkdir: refuse, writeFile: refuse, rename: refuse });
  expect(await repo.isSound(commit, file.path)).toBe(true);
  expect(await repo.stateOf(commit, file.path)).toBe("present");
});
