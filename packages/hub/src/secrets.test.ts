import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { expect, test } from "@jest/globals";
import { failureOf, modelFiles, openScene, type Scene } from "./fixtures/scene.js";

const token = "hf_QwErTyUiOpAsDfGh";

/** All that an error could tell: its texts, its fields, its causes, and what `console.error` would print. */
function everythingIn(error: unknown): string {
  const parts: string[] = [];
  for (let one = error; one !== undefined; one = (one as { cause?: unknown }).cause) {
    parts.push(String(one), String((one as Error).stack), inspect(one, { depth: 20, showHidden: true }));
    if (typeof one !== "object" || one === null) break;
  }
  return parts.join("\n");
}

const privateModel = new Map([["ns/small", { files: modelFiles, private: true }]]);
const failures: readonly [string, (scene: Scene) => void][] = [
  ["a refusal", ({ hub }) => hub.faults.add({ mishap: { kind: "status", status: 401 } })],
  ["no rights", ({ hub }) => hub.faults.add({ mishap: { kind: "status", status: 403 } })],
  ["an odd status", ({ hub }) => hub.faults.add({ mishap: { kind: "status", status: 418 } })],
  ["too many requests", ({ hub }) => hub.faults.add({ mishap: { kind: "status", status: 429 } })],
  ["a failing hub", ({ hub }) => hub.faults.add({ mishap: { kind: "status", status: 500 } })],
  ["a failing other host", ({ hub }) => hub.faults.add({ server: "cdn", mishap: { kind: "status", status: 403 } })],
  ["a reset", ({ hub }) => hub.faults.add({ server: "cdn", mishap: { kind: "reset", after: 0 } })],
  ["wrong bytes", ({ hub }) => hub.faults.add({ path: /safetensors/, mishap: { kind: "wrong-bytes" } })],
];

test.each(failures)("neither the token nor a signature is in the error of %s", async (_title, arrange) => {
  await using scene = await openScene({ models: privateModel, token });
  arrange(scene);
  const told = everythingIn(await failureOf(scene.fetch({ token })));
  expect(told).toContain("HubError");
  expect(told).not.toContain(token);
  expect(told).not.toMatch(/X-Amz|Signature=/);
});

test("what a fetch of somebody else's says is not passed on with the token or a signature in it", async () => {
  await using scene = await openScene({ models: privateModel, token });
  const fetch: typeof globalThis.fetch = (input, init) => {
    const headers = JSON.stringify([...new Headers(init?.headers)]);
    const problem = new Error(`failed: ${String(input)}?X-Amz-Signature=abc ${headers} via http://user:pass@proxy:1`);
    return Promise.reject(Object.assign(problem, { headers, cause: new Error(headers) }));
  };
  const told = everythingIn(await failureOf(scene.fetch({ token, fetch })));
  expect(told).toContain("cannot be reached: failed: http");
  expect(told).not.toContain(token);
  expect(told).not.toMatch(/Signature=|user:pass/);
});

test("the token goes to the hub and to no other host, be it named in a redirect or a listing", async () => {
  await using scene = await openScene({ models: privateModel, token, pageSize: 2 });
  await scene.fetch({ token });
  const shown = new Set(scene.hub.requests.map(({ server, authorization }) => `${server} ${authorization}`));
  expect(shown).toEqual(new Set([`hub Bearer ${token}`, "cdn undefined"]));

  const heard: (string | undefined)[] = [];
  const thief = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
  const away = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/`;
  const { url } = scene.hub;
  for (const [path, status, headers] of [
    [/\/revision\//, 302, { location: away }],
    [/config\.json$/, 302, { location: away }],
    [/\/tree\//, 200, { link: `<${away}>; rel="next"` }],
  ] as const) {
    scene.hub.faults.clear();
    await failureOf(
      scene.fetch({
        token,
        refresh: true,
        cacheFolder: `${scene.cacheFolder}-${status}`,
        fetch: async (input, init) => {
          if (!path.test(String(input)) || !String(input).startsWith(url)) return fetch(input, init);
          if (status === 302) {
            scene.hub.faults.add({ path, times: 1, mishap: { kind: "status", status, headers } });
            return fetch(input, init);
          }
          return new Response("[]", { headers });
        },
      }),
    );
  }
  await new Promise((resolve) => thief.close(resolve));
  expect(heard).toEqual([undefined, undefined, undefined]);
});
