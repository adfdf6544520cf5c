import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { failureOf, openScene } from "./fixtures/scene.js";

const names = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
];
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
afterEach(() => {
  for (const name of names) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});
function setOnly(variables: Readonly<Record<string, string>>): void {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, variables);
}

/** A proxy that forwards and tunnels, and notes for whom. */
async function openProxy() {
  const hosts: string[] = [];
  const proxy = createServer((asked, answer) => {
    hosts.push(new URL(asked.url ?? "").host);
    const forwarded = request(asked.url ?? "", { method: asked.method, headers: asked.headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    asked.pipe(forwarded);
  });
  proxy.on("connect", (asked, socket) => {
    hosts.push(asked.url ?? "");
    const [host = "", port] = (asked.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => end.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    hosts,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])("%s is gone through, to both hosts", async (name) => {
  await using scene = await openScene();
  await using proxy = await openProxy();
  setOnly({ [name]: proxy.url });
  await scene.fetch();
  expect(new Set(proxy.hosts)).toEqual(new Set([new URL(scene.hub.url).host, new URL(scene.hub.cdnUrl).host]));
});

test.each(["NO_PROXY", "no_proxy"])("%s names hosts that are reached straight", async (name) => {
  await using scene = await openScene();
  await using proxy = await openProxy();
  setOnly({ HTTP_PROXY: proxy.url, [name]: "localhost,127.0.0.1" });
  await scene.fetch();
  expect(proxy.hosts).toEqual([]);
});

test("a proxy that isn't there is a failure of the network, and its password isn't told", async () => {
  await using scene = await openScene();
  setOnly({ HTTP_PROXY: "http://user:secret@127.0.0.1:9" });
  const error = await failureOf(scene.fetch());
  expect(error).toMatchObject({ code: "network" });
  expect(String(error)).not.toContain("secret");
});

test("a proxy of a kind that is not spoken is refused, not passed by", async () => {
  await using scene = await openScene();
  setOnly({ ALL_PROXY: "socks5://127.0.0.1:9" });
  expect(await failureOf(scene.fetch())).toMatchObject({
    code: "unsupported",
    hint: expect.stringMatching(/ALL_PROXY/),
  });
  expect(scene.hub.requests).toEqual([]);
});
