import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "@jest/globals";
import { listCachedModels, removeCachedModel, verifyCachedModel } from "./cached-models.js";
import { failureOf, modelFiles, openScene } from "./fixtures/scene.js";

test("models are listed whoever fetched them, and nothing else in the folder", async () => {
  await using scene = await openScene();
  const { cacheFolder } = scene;
  expect(await listCachedModels({ cacheFolder })).toEqual([]);
  const { commit } = await scene.fetch();
  await mkdir(join(cacheFolder, "datasets--ns--data", "snapshots"), { recursive: true });
  await mkdir(join(cacheFolder, "models--ns--empty", "snapshots"), { recursive: true });
  await writeFile(join(cacheFolder, "models--ns--file"), "");
  expect(await listCachedModels({ cacheFolder })).toEqual([
    {
      name: "ns/small",
      folder: scene.repo,
      bytes: 300_043,
      commits: [{ commit, revisions: ["main"], files: 3, bytes: 300_043 }],
    },
  ]);
});

test("verifying finds what was changed and what is gone", async () => {
  await using scene = await openScene();
  const { cacheFolder, repo } = scene;
  const { folder } = await scene.fetch();
  await writeFile(join(folder!, "model.safetensors"), "other");
  await rm(join(repo, "snapshots", basename(folder!), await readlink(join(folder!, "config.json"))));
  await writeFile(join(folder!, "copy.txt"), "a copy");
  const files = await verifyCachedModel("ns/small", { cacheFolder });
  expect(files.map(({ path, state }) => [path, state])).toEqual([
    ["1_Pooling/config.json", "ok"],
    ["config.json", "missing"],
    ["copy.txt", "unknown"],
    ["model.safetensors", "wrong"],
  ]);
});

test("a revision is removed without what others need, the whole model with everything of it", async () => {
  const models = new Map([
    ["ns/small", { files: modelFiles, revisions: { v1: new Map(modelFiles).set("config.json", "1") } }],
  ]);
  await using scene = await openScene({ models });
  const { cacheFolder } = scene;
  const [newest, tagged] = [await scene.fetch(), await scene.fetch({}, "ns/small@v1")];
  const removed = await removeCachedModel("ns/small@v1", { cacheFolder });
  expect(removed).toEqual({ name: "ns/small", commits: [tagged.commit], bytes: 1 });
  expect(await scene.fetch({ offline: true })).toMatchObject({ commit: newest.commit });
  const all = await removeCachedModel("ns/small", { cacheFolder });
  expect(all).toEqual({ name: "ns/small", commits: [newest.commit], bytes: 300_043 });
  expect(await listCachedModels({ cacheFolder })).toEqual([]);
});

test("removing follows no link out of the cache", async () => {
  await using scene = await openScene();
  const { cacheFolder, folder: top } = scene;
  const { folder } = await scene.fetch();
  const precious = join(top, "precious");
  await mkdir(precious);
  await writeFile(join(precious, "thesis.txt"), "years");
  await symlink(precious, join(folder!, "folder-link"));
  await symlink(join(precious, "thesis.txt"), join(folder!, "link.txt"));
  await scene.hub.update("ns/small", new Map(modelFiles).set("config.json", "{ }"));
  await scene.fetch({ refresh: true });
  const [old] = (await listCachedModels({ cacheFolder }))[0]!.commits.filter(({ revisions }) => revisions.length === 0);
  await removeCachedModel(`ns/small@${old!.commit}`, { cacheFolder });
  await removeCachedModel("ns/small", { cacheFolder });
  expect(await readFile(join(precious, "thesis.txt"), "utf8")).toBe("years");
  expect(await lstat(scene.repo).catch(() => undefined)).toBeUndefined();
});

test("what is not in the cache cannot be removed or verified, and a name that is close is suggested", async () => {
  await using scene = await openScene();
  const { cacheFolder } = scene;
  await scene.fetch();
  for (const use of [removeCachedModel, verifyCachedModel]) {
    expect(await failureOf(use("ns/smal", { cacheFolder }))).toMatchObject({
      code: "not-found",
      suggestions: ["ns/small"],
    });
    expect(await failureOf(use("ns/small@v9", { cacheFolder }))).toMatchObject({
      message: expect.stringMatching(/revision v9/),
    });
    expect(await failureOf(use("../../etc", { cacheFolder }))).toMatchObject({ code: "name" });
  }
});
