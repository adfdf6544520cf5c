import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { MemoryCaches } from "./fixtures/memory-caches.js";
import { bytesFrom, failureOf, modelFiles, openScene } from "./fixtures/scene.js";
import { listCachedModels, removeCachedModel } from "./index.js";

const getBuiltinModule = process.getBuiltinModule;
beforeEach(() => {
  // What tells a browser from Node here is that it has none of Node's modules.
  Object.assign(process, { getBuiltinModule: undefined });
  Object.assign(globalThis, { caches: new MemoryCaches() });
});
afterEach(() => {
  Object.assign(process, { getBuiltinModule });
  Reflect.deleteProperty(globalThis, "caches");
});

const parts = 1.25 * 2 ** 24;

test("in a browser a model is fetched into its cache, in parts, and then had without a request", async () => {
  const large = bytesFrom(2, parts);
  await using scene = await openScene({
    models: new Map([["ns/small", new Map(modelFiles).set("model.safetensors", large)]]),
  });
  const model = await scene.fetch();
  expect(model.folder).toBeUndefined();
  scene.asked();
  const again = await scene.fetch();
  expect(scene.asked()).toEqual([]);
  const blob = await again.open("model.safetensors");
  expect(Buffer.from(await blob.arrayBuffer()).equals(large)).toBe(true);
  expect(await listCachedModels()).toMatchObject([{ name: "ns/small", folder: undefined }]);
  await removeCachedModel("ns/small");
  expect(await listCachedModels()).toEqual([]);
});

test("an interrupted download goes on at its last whole or half part", async () => {
  const large = bytesFrom(2, parts);
  await using scene = await openScene({
    models: new Map([["ns/small", new Map(modelFiles).set("model.safetensors", large)]]),
  });
  scene.hub.faults.add({ server: "cdn", times: 1, mishap: { kind: "shorten", after: 18_000_000 } });
  await failureOf(scene.fetch({ patience: { attempts: 1 } }));
  scene.hub.forgetRequests();
  const model = await scene.fetch();
  expect(scene.hub.requests.find(({ server }) => server === "cdn")?.range).toBe("bytes=18000000-");
  expect(Buffer.from(await (await model.open("model.safetensors")).arrayBuffer()).equals(large)).toBe(true);
});

test("where there is no cache at all, that is said", async () => {
  Reflect.deleteProperty(globalThis, "caches");
  await using scene = await openScene();
  expect(await failureOf(scene.fetch())).toMatchObject({ code: "unsupported", hint: expect.any(String) });
});
