import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fetchInChild } from "./fixtures/child-fetch.js";
import { bytesFrom, hurried, modelFiles, openScene, type Scene, weights } from "./fixtures/scene.js";

const large = bytesFrom(3, 4_000_000);
const models = new Map([["ns/small", new Map(modelFiles).set("model.safetensors", large)]]);
const files = ["config.json", "model.safetensors"];
const fetchFiles = { select: async () => files };
const slow = { kind: "slow", bytesPerSecond: 3_000_000 } as const;

const sentByCdn = ({ hub }: Scene): number =>
  hub.requests.filter(({ server }) => server === "cdn").reduce((sum, { sent }) => sum + sent, 0);

async function expectWhole(scene: Scene, bytes = large): Promise<void> {
  const { folder } = await scene.fetch({ ...fetchFiles, offline: true });
  expect((await readFile(join(folder!, "model.safetensors"))).equals(bytes)).toBe(true);
  expect(await readdir(join(scene.repo, ".bertkit", "partial"))).toEqual([]);
}

test("two processes that want the same file fetch it once", async () => {
  await using scene = await openScene({ models });
  scene.hub.faults.add({ server: "cdn", mishap: slow });
  const children = [fetchInChild(scene.options, files), fetchInChild(scene.options, files)];
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0]);
  expect(sentByCdn(scene)).toBe(large.length);
  await expectWhole(scene);
}, 30_000);

test("two fetches of one process too", async () => {
  await using scene = await openScene({ models });
  scene.hub.faults.add({ server: "cdn", mishap: slow });
  await Promise.all([scene.fetch(fetchFiles), scene.fetch(fetchFiles), scene.fetch(fetchFiles)]);
  expect(sentByCdn(scene)).toBe(large.length);
  await expectWhole(scene);
}, 30_000);

test("after kill -9, whenever it comes, the next run asks only for what is not there yet", async () => {
  await using scene = await openScene({ models });
  scene.hub.faults.add({ server: "cdn", mishap: slow });
  let before = 0;
  for (let kills = 0; kills < 3; kills++) {
    const child = fetchInChild(scene.options, files);
    const isDone = child.ended.then(() => true);
    const isThere = child.reached(before + 200_000 + Math.floor(Math.random() * 800_000)).then(() => false);
    if (await Promise.race([isDone, isThere])) break;
    child.process.kill("SIGKILL");
    expect(await child.ended).toBe("SIGKILL");
    const [partial] = await readdir(join(scene.repo, ".bertkit", "partial"));
    const { length } = await readFile(join(scene.repo, ".bertkit", "partial", partial!));
    expect(length).toBeGreaterThan(before);
    before = length;
    expect(await readdir(join(scene.repo, "refs")).catch(() => [])).toEqual([]);
  }
  scene.hub.faults.clear();
  scene.hub.forgetRequests();
  await scene.fetch(fetchFiles);
  expect(scene.hub.requests.find(({ server }) => server === "cdn")?.range).toBe(`bytes=${before}-`);
  expect(sentByCdn(scene)).toBe(large.length - before);
  await expectWhole(scene);
}, 60_000);

test("who waits for a process that is killed takes over what it has left", async () => {
  await using scene = await openScene({ models });
  scene.hub.faults.add({ server: "cdn", mishap: slow });
  const child = fetchInChild(scene.options, files);
  await child.reached(500_000);
  const waits = scene.fetch(fetchFiles);
  await child.reached(1_000_000);
  child.process.kill("SIGKILL");
  await waits;
  const ranges = scene.hub.requests.filter(({ server }) => server === "cdn").map(({ range }) => range);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d{5,}-$/)]);
  await expectWhole(scene);
}, 30_000);

/** A partial file with the first third of the bytes, as somebody would leave it. */
async function leave(scene: Scene, owner: string, ageInSeconds: number): Promise<void> {
  const folder = join(scene.repo, ".bertkit", "partial");
  await mkdir(folder, { recursive: true });
  const [etag] = (await blobNames(scene)).filter((name) => name.length === 64);
  const path = join(folder, `${etag}~${owner}~x`);
  await writeFile(path, weights.subarray(0, 100_000));
  const then = new Date(Date.now() - ageInSeconds * 1000);
  await utimes(path, then, then);
}

/** The names that the model's blobs will have. */
async function blobNames(scene: Scene): Promise<string[]> {
  const tree = await fetch(`${scene.hub.url}/api/models/ns/small/tree/main?recursive=true`);
  const entries = (await tree.json()) as { oid: string; lfs?: { oid: string } }[];
  scene.hub.forgetRequests();
  return entries.map(({ oid, lfs }) => lfs?.oid ?? oid);
}

const here = hostname().replace(/[^A-Za-z0-9.-]/g, "_");
test.each([
  ["a process that is gone", `${here}~999999999`, 0, "bytes=100000-"],
  ["another machine, long ago", "elsewhere~1", 700, "bytes=100000-"],
  ["another machine that is silent, but not for long", "elsewhere~1", 100, undefined],
  ["a process that lives, silent for long", `${here}~1`, 700, "bytes=100000-"],
])("what %s has left is gone on with only where nobody can be at it", async (_who, owner, age, range) => {
  await using scene = await openScene();
  await leave(scene, owner, age);
  await scene.fetch();
  expect(scene.hub.requests.find(({ server }) => server === "cdn")?.range).toBe(range);
});

test("what an earlier process with this one's number has left (a container started anew) is gone on with", async () => {
  await using scene = await openScene();
  await leave(scene, `${here}~${process.pid}`, process.uptime() + 5);
  await scene.fetch();
  expect(scene.hub.requests.find(({ server }) => server === "cdn")?.range).toBe("bytes=100000-");
});

test("what was left with wrong bytes is thrown away, and the file fetched anew", async () => {
  await using scene = await openScene();
  await leave(scene, `${here}~999999999`, 0);
  const folder = join(scene.repo, ".bertkit", "partial");
  const [name] = await readdir(folder);
  await writeFile(join(folder, name!), new Uint8Array(100_000));
  await scene.fetch();
  expect(scene.hub.requests.filter(({ server }) => server === "cdn").map(({ range }) => range)).toEqual([
    "bytes=100000-",
    undefined,
  ]);
  expect(await readdir(folder)).toEqual([]);
});

test("a process that is alive and silent is waited for no longer than silence is borne", async () => {
  await using scene = await openScene();
  await leave(scene, `${here}~1`, 0);
  await scene.fetch({ patience: { ...hurried, stall: 500 } });
  expect(scene.hub.requests.find(({ server }) => server === "cdn")?.range).toBeUndefined();
});
