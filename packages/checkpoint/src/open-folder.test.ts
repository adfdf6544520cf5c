import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { openCheckpoint, serializeSafetensors, serializeTensorFlow } from "./index.js";

const array = (name: string) => [
  { name, shape: [2], dtype: "float32" as const, values: Float32Array.of(name.length, 1) },
];
const inSafetensors = (name: string): Uint8Array => serializeSafetensors(array(name));
let google: Readonly<Record<string, Uint8Array>>;
beforeAll(async () => {
  google = Object.fromEntries(await serializeTensorFlow(array("tensorflow"), "bert_model.ckpt"));
});

let server: Server | undefined;
afterEach(() => stop());

async function stop(): Promise<void> {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
}

/** Serves files by ranges, and answers those `together` only once all of them have been asked for. */
async function served(
  files: Readonly<Record<string, Uint8Array>>,
  together: readonly string[] = [],
): Promise<{ readonly address: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  server = createServer((request, response) => {
    const name = request.url!.slice("/model/".length);
    asked.push(name);
    const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    waiting.push(() => answer(response, files[name], Number(from), Number(last) + 1));
    if (together.includes(name) && !together.every((other) => asked.includes(other))) return;
    for (const send of waiting.splice(0)) send();
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`, asked };
}

function answer(response: ServerResponse, file: Uint8Array | undefined, from: number, to: number): void {
  if (file === undefined) return void response.writeHead(404).end();
  const end = Math.min(to, file.length);
  response.writeHead(206, { "content-range": `bytes ${from}-${end - 1}/${file.length}` });
  response.end(file.subarray(from, end));
}

const others = [
  ...["model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"],
  ...["checkpoint", "bert_model.ckpt.index", "model.npz"],
];

describe("a folder on the web", () => {
  test("with the most usual file costs one request", async () => {
    const { address, asked } = await served({ "model.safetensors": inSafetensors("usual") });
    await using source = await openCheckpoint(address);
    expect([...source.entries.keys()]).toEqual(["usual"]);
    expect(asked).toEqual(["model.safetensors"]);
  });

  test("is asked for all other files at once", async () => {
    const { address, asked } = await served(google, others);
    await using source = await openCheckpoint(address);
    expect(await source.read("tensorflow")).toEqual(Float32Array.of(10, 1));
    expect(asked[0]).toBe("model.safetensors");
    expect(asked.slice(1, 7).sort()).toEqual([...others].sort());
  });

  test("gives what transformers would take first", async () => {
    const files = {
      ...google,
      "pytorch_model.bin": inSafetensors("pytorch"),
      "model.npz": inSafetensors("numpy"),
    };
    for (const [name, left] of [
      ["pytorch", files],
      ["tensorflow", { ...google, "model.npz": inSafetensors("numpy") }],
      ["numpy", { "model.npz": inSafetensors("numpy") }],
    ] as const) {
      const { address } = await served(left, others);
      await using source = await openCheckpoint(address);
      expect([...source.entries.keys()]).toEqual([name]);
      await stop();
    }
  });

  test("with none of them says what was looked for", async () => {
    const { address } = await served({}, others);
    await expect(openCheckpoint(address)).rejects.toMatchObject({
      code: "missing",
      message: expect.stringMatching(/none of model\.safetensors, .*bert_model\.ckpt\.index\), model\.npz$/),
    });
  });
});
