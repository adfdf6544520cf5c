import { mkdir, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { FetchPlan, FetchProgress } from "./fetch-online.js";
import { bytesFrom, failureOf, modelFiles, openScene, select, weights } from "./fixtures/scene.js";

test("the first time fetches what is selected and nothing else, the second time asks nobody", async () => {
  await using scene = await openScene();
  const plans: FetchPlan[] = [];
  const steps: FetchProgress[] = [];
  const options = {
    onPlan: (plan: FetchPlan) => plans.push(plan),
    onProgress: (step: FetchProgress) => steps.push(step),
  };
  const model = await scene.fetch(options);
  expect(scene.asked().sort()).toEqual([
    expect.stringMatching(/^cdn \/lfs\/#/),
    "hub /api/models/ns/small/revision/main",
    "hub /api/models/ns/small/tree/#",
    "hub /ns/small/resolve/#/1_Pooling/config.json",
    "hub /ns/small/resolve/#/config.json",
    "hub /ns/small/resolve/#/model.safetensors",
  ]);
  const commit = scene.hub.commitOf("ns/small");
  expect(model).toMatchObject({
    name: "ns/small",
    revision: "main",
    commit,
    folder: join(scene.repo, "snapshots", commit),
  });
  const bytes = 19 + 24 + 300_000;
  expect(plans).toMatchObject([{ name: "ns/small", commit, endpoint: scene.hub.url, place: scene.cacheFolder, bytes }]);
  expect(plans[0]?.files.map(({ path }) => path).sort()).toEqual([...model.files].sort());
  expect(steps.at(-1)).toEqual({ bytes, total: bytes });
  expect((await readFile(join(model.folder!, "model.safetensors"))).equals(weights)).toBe(true);
  expect(await (await model.open("1_Pooling/config.json")).text()).toBe('{"pooling_mode": "mean"}');

  const again = await scene.fetch(options);
  expect(again).toMatchObject({ commit, folder: model.folder, files: model.files });
  expect(await scene.fetch({ offline: true })).toMatchObject({ commit });
  expect(await scene.fetch({ offline: true, refresh: true })).toMatchObject({ commit });
  expect(scene.asked()).toEqual([]);
  expect(plans).toHaveLength(1);
});

test("the cache is laid out as huggingface_hub lays it out", async () => {
  await using scene = await openScene();
  const { commit } = await scene.fetch();
  const inRepo = (...parts: string[]) => join(scene.repo, ...parts);
  expect(await readFile(inRepo("refs", "main"), "utf8")).toBe(commit);
  const link = await readlink(inRepo("snapshots", commit, "1_Pooling", "config.json"));
  expect(link).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  expect(await readlink(inRepo("snapshots", commit, "model.safetensors"))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
  expect((await stat(inRepo(".no_exist", commit, "tokenizer.json"))).size).toBe(0);
  expect(await readdir(inRepo("blobs"))).toHaveLength(3);
  for (const folder of ["new", "partial"]) expect(await readdir(inRepo(".bertkit", folder))).toEqual([]);
});

test("a newer commit is looked for when asked only, and the older one stays until the newer is whole", async () => {
  await using scene = await openScene();
  const old = await scene.fetch();
  const newer = new Map(modelFiles).set("model.safetensors", bytesFrom(2, 200_000));
  const commit = await scene.hub.update("ns/small", newer);
  expect((await scene.fetch()).commit).toBe(old.commit);
  scene.asked();

  scene.hub.faults.add({ server: "cdn", mishap: { kind: "status", status: 403 } });
  await failureOf(scene.fetch({ refresh: true }));
  expect(await scene.fetch({ offline: true })).toMatchObject({ commit: old.commit });
  scene.hub.faults.clear();

  scene.asked();
  expect((await scene.fetch({ refresh: true })).commit).toBe(commit);
  // The configuration is the same in both: its bytes are not fetched again.
  expect(scene.asked().filter((line) => line.includes("resolve"))).toEqual([
    "hub /ns/small/resolve/#/model.safetensors",
  ]);
  expect((await scene.fetch({}, `ns/small@${old.commit}`)).commit).toBe(old.commit);
  expect(scene.asked()).toEqual([]);
});

test("more files of a commit that is known are fetched of that commit", async () => {
  await using scene = await openScene();
  const { commit } = await scene.fetch({ select: async () => ["config.json"] });
  await scene.hub.update("ns/small", new Map([["config.json", "{}"]]));
  scene.asked();
  expect((await scene.fetch()).commit).toBe(commit);
  expect(scene.asked()).not.toContain("hub /api/models/ns/small/revision/main");
});

test("a commit that the hub no longer has gives way to what the branch is at now", async () => {
  await using scene = await openScene();
  const gone = "0".repeat(40);
  await mkdir(join(scene.repo, "refs"), { recursive: true });
  await writeFile(join(scene.repo, "refs", "main"), gone);
  expect((await scene.fetch()).commit).toBe(scene.hub.commitOf("ns/small"));
  expect(await failureOf(scene.fetch({}, `ns/small@${gone}`))).toMatchObject({ code: "not-found" });
});

test("tags, pull requests and commits are revisions", async () => {
  const other = new Map([["config.json", "tagged"]]);
  const models = new Map([["ns/small", { files: modelFiles, revisions: { v1: other, "refs/pr/3": other } }]]);
  await using scene = await openScene({ models });
  const onlyConfig = { select: async () => ["config.json"] };
  const tag = await scene.fetch(onlyConfig, "ns/small@v1");
  expect(await (await tag.open("config.json")).text()).toBe("tagged");
  expect((await scene.fetch(onlyConfig, "ns/small@refs/pr/3")).commit).toBe(
    scene.hub.commitOf("ns/small", "refs/pr/3"),
  );
  const byCommit = await scene.fetch(onlyConfig, `ns/small@${tag.commit}`);
  expect(byCommit.commit).toBe(tag.commit);
  const refs = await readdir(join(scene.repo, "refs"), { recursive: true, withFileTypes: true });
  expect(
    refs
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["3", "v1"]);
});

test("what huggingface_hub has fetched or listed is used, and what it found missing is known to be", async () => {
  await using scene = await openScene();
  const { commit, folder } = await scene.fetch();
  await rm(join(scene.repo, ".no_exist"), { recursive: true });
  await rm(join(scene.repo, ".bertkit"), { recursive: true });
  expect(await failureOf(scene.fetch({ offline: true }))).toMatchObject({ code: "offline" });
  // A whole snapshot has a .gitattributes.
  await writeFile(join(folder!, ".gitattributes"), "");
  expect(await scene.fetch({ offline: true })).toMatchObject({ commit });
  await rm(join(folder!, ".gitattributes"));
  const trees = join(scene.repo, "trees");
  await mkdir(trees);
  await writeFile(join(trees, `${commit}.json`), JSON.stringify({ format_version: 1, files: { "config.json": {} } }));
  expect(await scene.fetch({ offline: true })).toMatchObject({ commit });
});

test("offline says what is not there and what to do, with names that may have been meant", async () => {
  await using scene = await openScene();
  const offline = { offline: true };
  expect(await failureOf(scene.fetch(offline))).toMatchObject({
    code: "offline",
    hint: expect.stringMatching(/online/),
  });
  await scene.fetch({ select: async () => ["config.json"] });
  scene.asked();
  expect(await failureOf(scene.fetch(offline))).toMatchObject({
    message: expect.stringMatching(/tokenizer\.json of ns/),
  });
  const error = await failureOf(scene.fetch(offline, "ns/smal"));
  expect(error).toMatchObject({ code: "offline", suggestions: ["ns/small"] });
  expect(scene.asked()).toEqual([]);
});

test("a file of the cache whose bytes changed is noticed and fetched again; offline it is an error", async () => {
  await using scene = await openScene();
  const { folder } = await scene.fetch();
  for (const [path, content] of [
    ["model.safetensors", new Uint8Array(300_000)],
    ["config.json", "{}"],
  ] as const) {
    await writeFile(join(folder!, path), content);
    expect(await failureOf(scene.fetch({ offline: true }))).toMatchObject({
      code: "corrupt",
      message: expect.stringMatching(`${path} of ns/small .* is damaged`),
    });
    const plans: FetchPlan[] = [];
    await scene.fetch({ onPlan: (plan) => plans.push(plan) });
    expect(plans).toMatchObject([{ damaged: [path], files: [{ path }] }]);
    expect(await scene.fetch({ offline: true })).toMatchObject({ folder });
  }
  expect((await readFile(join(folder!, "model.safetensors"))).equals(weights)).toBe(true);
});

test("a blob whose times changed is hashed once, and no more once it is known to be right", async () => {
  await using scene = await openScene();
  const { folder } = await scene.fetch();
  const mark = async () => {
    const names = await readdir(join(scene.repo, ".bertkit", "verified"));
    return readFile(join(scene.repo, ".bertkit", "verified", names.find((name) => name.length === 64)!), "utf8");
  };
  const before = await mark();
  await utimes(join(folder!, "model.safetensors"), new Date(0), new Date(1000));
  await scene.fetch({ offline: true });
  expect(await mark()).not.toBe(before);
});

test("a model, a revision or a file that is not there is said to be missing", async () => {
  await using scene = await openScene();
  const typo = await failureOf(scene.fetch({}, "ns/smal"));
  expect(typo).toMatchObject({ code: "not-found", message: expect.stringMatching(/no model ns\/smal/) });
  expect(typo).toMatchObject({ suggestions: ["ns/small"], hint: expect.stringMatching(/HF_TOKEN/) });
  expect(await failureOf(scene.fetch({}, "ns/small@v9"))).toMatchObject({
    message: "ns/small has no revision v9",
    suggestions: [],
  });
  expect(await failureOf(scene.fetch({ select: async () => ["x.json"] }))).toMatchObject({
    code: "not-found",
    message: "ns/small@main has no file x.json",
  });
  expect(await failureOf(scene.fetch({}, "small"))).toMatchObject({ code: "name", hint: expect.any(String) });
});

test("suggestions come from the cache too, and their failure is nobody's concern", async () => {
  await using scene = await openScene();
  await scene.fetch();
  scene.hub.faults.add({ path: /^\/api\/models$/, mishap: { kind: "status", status: 500 } });
  expect(await failureOf(scene.fetch({}, "ns/smal"))).toMatchObject({ code: "not-found", suggestions: ["ns/small"] });
});

test("a path that leads out of the repository is refused, whoever asks for it and whatever the hub lists", async () => {
  const evil = new Map(modelFiles).set("../../evil", "x").set("a\\..\\..\\evil", "x").set("/evil", "x");
  await using scene = await openScene({ models: new Map([["ns/small", evil]]) });
  for (const path of ["../../evil", "a\\..\\..\\evil", "/evil", "a\0b"]) {
    expect(await failureOf(scene.fetch({ select: async () => [path] }))).toMatchObject({ code: "argument" });
    expect(await failureOf(scene.fetch({ select: async (repo) => [String(await repo.has(path))] }))).toMatchObject({
      code: "argument",
    });
  }
  await scene.fetch();
  const { files } = await scene.fetch();
  expect(files).toHaveLength(3);
  expect(await readdir(scene.folder)).toEqual(["cache"]);
});

test("a model's folder that is a link is used", async () => {
  await using scene = await openScene();
  const elsewhere = join(scene.folder, "elsewhere");
  await Promise.all([mkdir(elsewhere), mkdir(scene.cacheFolder)]);
  await symlink(elsewhere, scene.repo);
  expect((await scene.fetch({ select })).files).toHaveLength(3);
  expect(await readdir(elsewhere)).toContain("blobs");
});

test("an empty file is fetched as any other", async () => {
  await using scene = await openScene();
  const model = await scene.fetch({ select: async () => ["empty.txt"] });
  expect(await (await model.open("empty.txt")).text()).toBe("");
});

test("a signal stops it with its reason, and leaves nobody waiting", async () => {
  await using scene = await openScene();
  const reason = new Error("enough");
  expect(await failureOf(scene.fetch({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  scene.hub.faults.add({ server: "cdn", mishap: { kind: "stall", after: 100_000 } });
  const stop = new AbortController();
  const onProgress = ({ bytes }: FetchProgress) => bytes > 90_000 && stop.abort(reason);
  expect(await failureOf(scene.fetch({ signal: stop.signal, onProgress }))).toBe(reason);
  scene.hub.faults.clear();
  scene.asked();
  await scene.fetch();
  const [rest] = scene.hub.requests.filter(({ server }) => server === "cdn");
  expect(rest?.range).toMatch(/^bytes=\d+-$/);
});
