import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { npyFile } from "../fixtures/npy-file.js";
import { zipArchive } from "../fixtures/zip-archive.js";
import { openCheckpoint } from "../index.js";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** Serves a file by ranges and notes which are asked for. */
async function served(file: Uint8Array): Promise<{ readonly address: string; readonly asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    asked.push(`${from}-${last}`);
    const to = Math.min(Number(last) + 1, file.length);
    response.writeHead(206, { "content-range": `bytes ${from}-${to - 1}/${file.length}` });
    response.end(file.subarray(Number(from), to));
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.npz`, asked };
}

/** Layers of one large array and several small ones, as a BERT has them. */
function layers(count: number, isDeflated: boolean): Uint8Array {
  const member = (name: string, length: number) => {
    const values = Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(i + name.length)));
    return { name: `${name}.npy`, content: npyFile(values), deflated: isDeflated };
  };
  const parts = [["kernel", 60_000] as const, ...["bias", "gamma", "beta"].map((name) => [name, 700] as const)];
  return zipArchive(
    Array.from({ length: count }, (_, i) => parts.map(([name, length]) => member(`layer_${i}/${name}`, length))).flat(),
  );
}

test.each([
  ["as neighbours share one request where they are small, stored", false, 2],
  ["and of what is unpacked not more than one an array, compressed", true, 4],
])("opening asks for no more than headers, %s", async (_, isDeflated, requestsOfLayer) => {
  const { address, asked } = await served(layers(12, isDeflated));
  await using source = await openCheckpoint(address);
  expect(source.entries.size).toBe(48);
  // The first bytes, which say what the file is, the end and the directory; then those of layers of four arrays.
  expect(asked.length).toBeLessThanOrEqual(3 + requestsOfLayer * 12);
  asked.length = 0;
  const bias = Float32Array.from({ length: 700 }, (_value, i) => Math.fround(Math.sin(i + "layer_5/bias".length)));
  expect(await source.read("layer_5/bias")).toEqual(bias);
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("an array whose names take more than is read at once is opened all the same", async () => {
  const long = "a".repeat(3000);
  const { address } = await served(
    zipArchive([
      { name: "first.npy", content: npyFile(new Float32Array(40_000)) },
      { name: `${long}.npy`, content: npyFile(Float32Array.of(1, 2)) },
    ]),
  );
  await using source = await openCheckpoint(address);
  expect(await source.read(long)).toEqual(Float32Array.of(1, 2));
});
