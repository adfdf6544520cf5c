import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type Hub, startHub } from "./start-hub.js";

const weights = new Uint8Array(100_000).map((_, i) => (i * 7) % 251);
const files = new Map<string, string | Uint8Array>([
  ["config.json", "{}"],
  ["1_Pooling/config.json", "{ }"],
  ["model.safetensors", weights],
]);

let hub: Hub;
beforeAll(async () => {
  hub = await startHub({
    models: new Map([
      ["ns/small", { files, revisions: { v1: new Map([["config.json", "old"]]) } }],
      ["ns/secret", { files, private: true }],
      ["ns/gated", { files, gated: true }],
    ]),
    token: "hf_right",
    pageSize: 2,
  });
});
afterAll(() => hub.close());
afterEach(() => {
  hub.faults.clear();
  hub.forgetRequests();
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(hub.url + path, { headers, method, redirect: "manual" });
const weightsPath = "/ns/small/resolve/main/model.safetensors";

test("a revision's answer names its commit, and a listing comes in pages with the hashes of its files", async () => {
  const { sha } = (await (await get("/api/models/ns/small/revision/main")).json()) as { sha: string };
  expect(sha).toBe(hub.commitOf("ns/small"));
  const first = await get(`/api/models/ns/small/tree/${sha}?recursive=true`);
  const next = /<(.*)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const entries = [...((await first.json()) as object[]), ...((await (await fetch(next)).json()) as object[])];
  expect(entries).toMatchObject([
    { type: "directory", path: "1_Pooling" },
    { type: "file", path: "config.json", oid: "9e26dfeeb6e641a33dae4961196235bdb965b21b", size: 2 },
    { type: "file", path: "1_Pooling/config.json", size: 3 },
    { path: "model.safetensors", lfs: { oid: createHash("sha256").update(weights).digest("hex"), size: 100_000 } },
  ]);
});

test("a small file comes from the hub, a large one from the other host by a signed address, in ranges", async () => {
  const small = await get("/ns/small/resolve/v1/config.json");
  expect(small.headers.get("x-repo-commit")).toBe(hub.commitOf("ns/small", "v1"));
  expect(await small.text()).toBe("old");
  const redirect = await get(weightsPath, {}, "HEAD");
  expect(redirect.status).toBe(302);
  expect(redirect.headers.get("x-linked-size")).toBe("100000");
  const location = redirect.headers.get("location") ?? "";
  expect(location.startsWith(hub.cdnUrl)).toBe(true);
  const range = await fetch(location, { headers: { range: "bytes=99990-" } });
  expect(range.status).toBe(206);
  expect(range.headers.get("content-range")).toBe("bytes 99990-99999/100000");
  expect(new Uint8Array(await range.arrayBuffer())).toEqual(weights.slice(99_990));
  expect((await fetch(location, { headers: { range: "bytes=100000-" } })).status).toBe(416);
  expect((await fetch(location.replace(/\?.*/, ""))).status).toBe(403);
  expect((await fetch(location, { headers: { authorization: "Bearer hf_right" } })).status).toBe(400);
});

test("who may not see a model is told so as the hub tells it", async () => {
  const refusals = [
    await get("/api/models/ns/none"),
    await get("/api/models/ns/none", { authorization: "Bearer hf_right" }),
    await get("/api/models/ns/secret"),
    await get("/api/models/ns/small", { authorization: "Bearer hf_wrong" }),
    await get("/ns/gated/resolve/main/config.json"),
    await get("/ns/small/resolve/none/config.json"),
    await get("/ns/small/resolve/main/none.json"),
  ];
  expect(refusals.map(({ status, headers }) => [status, headers.get("x-error-code")])).toEqual([
    [401, "RepoNotFound"],
    [404, "RepoNotFound"],
    [401, "RepoNotFound"],
    [401, null],
    [401, "GatedRepo"],
    [404, "RevisionNotFound"],
    [404, "EntryNotFound"],
  ]);
  expect((await get("/api/models/ns/secret", { authorization: "Bearer hf_right" })).status).toBe(200);
});

test("faults befall the requests they are meant for, as often as asked", async () => {
  const whole = async () => new Uint8Array(await (await fetch(hub.url + weightsPath)).arrayBuffer());
  const cdn = { server: "cdn", times: 1 } as const;
  hub.faults.add({ ...cdn, mishap: { kind: "reset", after: 1000 } });
  hub.faults.add({ ...cdn, mishap: { kind: "cut", after: 1000 } });
  hub.faults.add({ ...cdn, mishap: { kind: "shorten", after: 1000 } });
  hub.faults.add({ ...cdn, mishap: { kind: "wrong-bytes" } });
  await expect(whole()).rejects.toThrow();
  await expect(whole()).rejects.toThrow();
  expect(await whole()).toEqual(weights.slice(0, 1000));
  expect((await whole()).filter((byte, i) => byte !== weights[i])).toHaveLength(1);
  expect(await whole()).toEqual(weights);
  hub.faults.add({
    path: /^\/api\//,
    times: 1,
    mishap: { kind: "status", status: 429, headers: { "retry-after": "3" } },
  });
  const busy = await get("/api/models/ns/small");
  expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "3"]);
  expect((await get("/api/models/ns/small")).status).toBe(200);
});

test("a new commit moves the branch, and what was before stays", async () => {
  const before = hub.commitOf("ns/small");
  const after = await hub.update("ns/small", new Map([["config.json", "new"]]));
  expect(hub.commitOf("ns/small")).toBe(after);
  expect(await (await get("/ns/small/resolve/main/config.json")).text()).toBe("new");
  expect(await (await get(`/ns/small/resolve/${before}/config.json`)).text()).toBe("{}");
});
