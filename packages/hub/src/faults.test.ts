import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mishap } from "@bertkit-tooling/hub-server";
import { describe, expect, test } from "@jest/globals";
import { failureOf, hurried, openScene, type Scene, weights } from "./fixtures/scene.js";

const file = /model\.safetensors$/;

/** The ranges that the other host was asked for, and what it answered with. */
const askedOfCdn = ({ hub }: Scene) =>
  hub.requests.filter(({ server }) => server === "cdn").map(({ range, status }) => [range, status]);

async function expectWhole(scene: Scene): Promise<void> {
  const { folder } = await scene.fetch({ offline: true });
  expect((await readFile(join(folder!, "model.safetensors"))).equals(weights)).toBe(true);
  expect(await readdir(join(scene.repo, ".bertkit", "partial"))).toEqual([]);
}

describe("a download that is interrupted goes on where it ended", () => {
  test.each<[string, Mishap]>([
    ["by a reset connection", { kind: "reset", after: 100_000 }],
    ["by a connection that ends early", { kind: "cut", after: 100_000 }],
    ["by an answer that is too short and says so", { kind: "shorten", after: 100_000 }],
    ["by silence", { kind: "stall", after: 100_000 }],
  ])("%s", async (_title, mishap) => {
    await using scene = await openScene();
    scene.hub.faults.add({ server: "cdn", times: 1, mishap });
    await scene.fetch({ patience: { ...hurried, stall: mishap.kind === "stall" ? 1500 : 10_000 } });
    expect(askedOfCdn(scene)).toEqual([
      [undefined, 200],
      ["bytes=100000-", 206],
    ]);
    await expectWhole(scene);
  });

  test("in a later run too, after one that gave up", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ server: "cdn", times: 1, mishap: { kind: "shorten", after: 70_000 } });
    const impatient = { ...hurried, attempts: 1 };
    expect(await failureOf(scene.fetch({ patience: impatient }))).toMatchObject({
      code: "network",
      message: "model.safetensors ended after 70000 of 300000 bytes",
      hint: expect.any(String),
    });
    scene.hub.faults.clear();
    scene.hub.forgetRequests();
    await scene.fetch();
    expect(askedOfCdn(scene)).toEqual([["bytes=70000-", 206]]);
    await expectWhole(scene);
  });
});

test("a server that ignores ranges sends the file from the start, and so it is taken", async () => {
  await using scene = await openScene();
  scene.hub.faults.add({ server: "cdn", times: 1, mishap: { kind: "reset", after: 100_000 } });
  scene.hub.faults.add({ server: "cdn", times: 1, mishap: { kind: "ignore-range" } });
  await scene.fetch();
  expect(askedOfCdn(scene)).toEqual([
    [undefined, 200],
    ["bytes=100000-", 200],
  ]);
  await expectWhole(scene);
});

test("wrong bytes are fetched once more from the first on", async () => {
  await using scene = await openScene();
  scene.hub.faults.add({ server: "cdn", times: 1, mishap: { kind: "wrong-bytes" } });
  await scene.fetch();
  expect(askedOfCdn(scene)).toEqual([
    [undefined, 200],
    [undefined, 200],
  ]);
  await expectWhole(scene);
});

test("bytes that are wrong twice are an error, and none of them is kept", async () => {
  await using scene = await openScene();
  scene.hub.faults.add({ path: file, mishap: { kind: "wrong-bytes" } });
  expect(await failureOf(scene.fetch())).toMatchObject({
    code: "corrupt",
    message: expect.stringMatching(/model\.safetensors came twice with other bytes/),
    hint: expect.any(String),
  });
  expect((await readdir(join(scene.repo, "blobs"))).filter((name) => name.length === 64)).toEqual([]);
  expect(await readdir(join(scene.repo, ".bertkit", "partial"))).toEqual([]);
  expect(await readdir(join(scene.repo, "refs")).catch(() => [])).toEqual([]);
  scene.hub.faults.clear();
  await scene.fetch();
  await expectWhole(scene);
});

test("wrong bytes of a small file, which git names, are noticed too", async () => {
  await using scene = await openScene();
  scene.hub.faults.add({ path: /config\.json$/, mishap: { kind: "wrong-bytes" } });
  expect(await failureOf(scene.fetch())).toMatchObject({ code: "corrupt" });
});

test("a file that is longer than the hub lists is refused", async () => {
  await using scene = await openScene();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await globalThis.fetch(input, init);
    if (!file.test(String(input))) return answer;
    return new Response(new Blob([await answer.blob(), "more"]));
  };
  expect(await failureOf(scene.fetch({ fetch }))).toMatchObject({
    code: "corrupt",
    message: expect.stringMatching(/more bytes/),
  });
});

test("a slow download takes its time", async () => {
  await using scene = await openScene();
  scene.hub.faults.add({ server: "cdn", mishap: { kind: "slow", bytesPerSecond: 200_000 } });
  await scene.fetch({ patience: { ...hurried, stall: 1000 } });
  expect(askedOfCdn(scene)).toEqual([[undefined, 200]]);
});

describe("answers that may be others the next time are asked for again", () => {
  test.each([500, 502, 503, 504, 408, 429])("status %d", async (status) => {
    await using scene = await openScene();
    scene.hub.faults.add({ path: /\/revision\//, times: 2, mishap: { kind: "status", status } });
    scene.hub.faults.add({ path: /\/tree\//, times: 1, mishap: { kind: "status", status } });
    scene.hub.faults.add({ path: file, times: 1, mishap: { kind: "status", status } });
    await scene.fetch();
    await expectWhole(scene);
  });

  test("but not for ever", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ mishap: { kind: "status", status: 500 } });
    expect(await failureOf(scene.fetch())).toMatchObject({
      code: "network",
      message: expect.stringMatching(/status 500/),
    });
    expect(scene.hub.requests).toHaveLength(hurried.attempts);
  });

  test("and whoever waits is told why and how long, of requests and of a file's bytes", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ path: /\/revision\//, times: 2, mishap: { kind: "status", status: 503 } });
    scene.hub.faults.add({ path: file, times: 1, mishap: { kind: "reset", after: 1000 } });
    const told: [attempt: number, message: string][] = [];
    await scene.fetch({
      onRetry: ({ failure, wait, attempt, attempts }) => {
        expect(wait).toBe(hurried.firstPause * 2 ** (attempt - 2));
        expect(attempts).toBe(hurried.attempts);
        told.push([attempt, failure.message]);
      },
    });
    expect(told).toEqual([
      [2, expect.stringContaining("status 503")],
      [3, expect.stringContaining("status 503")],
      [2, expect.stringContaining("the connection ended in the middle of an answer")],
    ]);
  });

  test("nor where nobody answers", async () => {
    await using scene = await openScene();
    await scene.hub.close();
    expect(await failureOf(scene.fetch())).toMatchObject({
      code: "network",
      message: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/),
    });
  });
});

describe("Retry-After", () => {
  const busy = (after: string): Mishap => ({ kind: "status", status: 429, headers: { "retry-after": after } });

  test("is waited for, in seconds or until a date", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ path: /\/revision\//, times: 1, mishap: busy("1") });
    scene.hub.faults.add({ path: /\/tree\//, times: 1, mishap: busy(new Date(Date.now() + 500).toUTCString()) });
    const start = performance.now();
    await scene.fetch();
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  test("that is too long ends it at once, with how long it would be", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ mishap: busy("3600") });
    expect(await failureOf(scene.fetch())).toMatchObject({
      code: "rate-limited",
      hint: "Try again in 3600 seconds, or set HF_TOKEN: who is known may ask more often.",
    });
    expect(scene.hub.requests).toHaveLength(1);
  });

  test("is no wait for a signal", async () => {
    await using scene = await openScene();
    scene.hub.faults.add({ mishap: busy("1") });
    const reason = new Error("enough");
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 50);
    expect(await failureOf(scene.fetch({ signal: stop.signal }))).toBe(reason);
  });
});

describe("who may not have a model is told what to do", () => {
  test("a private one, with and without a token", async () => {
    const { modelFiles } = await import("./fixtures/scene.js");
    const models = new Map([["ns/small", { files: modelFiles, private: true }]]);
    await using scene = await openScene({ models, token: "hf_right" });
    expect(await failureOf(scene.fetch())).toMatchObject({
      code: "not-found",
      hint: expect.stringMatching(/HF_TOKEN/),
    });
    const wrong = await failureOf(scene.fetch({ token: "hf_wrong" }));
    expect(wrong).toMatchObject({
      code: "unauthorized",
      hint: expect.stringMatching(/Correct the token \(from option\)/),
    });
    await scene.fetch({ token: "hf_right" });
    await expectWhole(scene);
  });

  test("a gated one", async () => {
    const { modelFiles } = await import("./fixtures/scene.js");
    const models = new Map([["ns/small", { files: modelFiles, gated: true }]]);
    await using scene = await openScene({ models, token: "hf_right" });
    for (const token of [false, "hf_right"] as const) {
      expect(await failureOf(scene.fetch({ token }))).toMatchObject({
        code: "gated",
        hint: expect.stringContaining(`Accept its conditions at ${scene.hub.url}/ns/small`),
      });
    }
  });
});

test("what does not speak as a hub does is said to be none", async () => {
  await using scene = await openScene();
  const page = () =>
    Promise.resolve(new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } }));
  expect(await failureOf(scene.fetch({ fetch: page }))).toMatchObject({ code: "protocol", hint: expect.any(String) });
  const odd = () => Promise.resolve(Response.json({ sha: "../../x" }));
  expect(await failureOf(scene.fetch({ fetch: odd }))).toMatchObject({ code: "protocol" });
  const teapot = () => Promise.resolve(new Response("", { status: 418 }));
  expect(await failureOf(scene.fetch({ fetch: teapot }))).toMatchObject({ code: "protocol" });
});
