import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openCheckpoint, serializeSafetensors } from "../index.js";

const rows = 20_000;
const file = serializeSafetensors([
  { name: "big", shape: [rows, 4], dtype: "float32", values: Float32Array.from({ length: rows * 4 }, (_, i) => i) },
  { name: "half", shape: [rows], dtype: "float16", values: Float32Array.from({ length: rows }, (_, i) => i % 100) },
]);

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number;
}

const asked: string[] = [];
let answerTo: (range: { from: number; to: number }, request: IncomingMessage) => Answer | "never";
let server: Server;
let address: string;

/** What a server that knows ranges answers. */
function ranged({ from, to }: { from: number; to: number }, content = file): Answer {
  const end = Math.min(to, content.length);
  const headers = { "content-range": `bytes ${from}-${end - 1}/${content.length}`, etag: '"one"' };
  return { status: 206, headers, body: content.subarray(from, end) };
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  asked.push(`${request.url} ${from}-${last}`);
  const answer = answerTo({ from: Number(from), to: Number(last) + 1 }, request);
  if (answer === "never") return;
  const { status, headers, body = new Uint8Array(0), cutAfter } = answer;
  const length = headers?.["transfer-encoding"] ? {} : { "content-length": String(body.length) };
  response.writeHead(status, { ...length, ...headers });
  if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => response.destroy());
}

beforeEach(async () => {
  asked.length = 0;
  answerTo = (range) => ranged(range);
  server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("a checkpoint behind an address", () => {
  test("costs a request of 64 KiB to open, and what is read to read", async () => {
    const source = await openCheckpoint(`${address}?signature=secret`);
    expect(asked).toEqual(["/model.safetensors?signature=secret 0-65535"]);
    const dataStart = file.length - rows * 18;
    expect(await source.read("big", { rows: [19_998, 19_999] })).toEqual(
      new Float32Array([79992, 79993, 79994, 79995]),
    );
    expect(asked[1]).toMatch(new RegExp(` ${dataStart + 19_998 * 16}-${dataStart + 19_999 * 16 - 1}$`));
    const half = await source.read("half", { into: new Float32Array(rows) });
    expect(half).toEqual(Float32Array.from({ length: rows }, (_, i) => i % 100));
    expect(asked[2]).toMatch(new RegExp(` ${file.length - rows * 2}-${file.length - 1}$`));
    expect(asked).toHaveLength(3);
    await source.close();
    await expect(source.read("big")).rejects.toMatchObject({ code: "closed" });
  });

  test("needs no request for what came with the first, and the rest only of what did not", async () => {
    const source = await openCheckpoint(new URL(address));
    expect(await source.read("big", { rows: [1, 2] })).toEqual(new Float32Array([4, 5, 6, 7]));
    expect(asked).toHaveLength(1);
    expect(await source.read("big")).toEqual(Float32Array.from({ length: rows * 4 }, (_, i) => i));
    expect(asked[1]).toMatch(/ 65536-/);
  });

  test("sends the headers given, with the function given", async () => {
    const seen: (string | undefined)[] = [];
    answerTo = (range, request) => {
      seen.push(request.headers.authorization);
      return ranged(range);
    };
    let calls = 0;
    const counting: typeof fetch = (...parameters) => {
      calls++;
      return fetch(...parameters);
    };
    await openCheckpoint(address, { headers: { authorization: "Bearer token" }, fetch: counting });
    expect(seen).toEqual(["Bearer token"]);
    expect(calls).toBe(1);
  });

  test("whose server ignores ranges is taken whole, once, if it is not too large", async () => {
    answerTo = () => ({ status: 200, body: file });
    const source = await openCheckpoint(address);
    expect(await source.read("big", { rows: [rows - 1, rows] })).toEqual(
      new Float32Array([79996, 79997, 79998, 79999]),
    );
    expect(asked).toHaveLength(1);
    for (const headers of [{}, { "transfer-encoding": "chunked" }]) {
      answerTo = () => ({ status: 200, body: file, headers });
      const attempt = openCheckpoint(address, { wholeFileLimit: file.length - 1 });
      await expect(attempt).rejects.toMatchObject({
        code: "limit",
        message: expect.stringContaining("wholeFileLimit"),
      });
    }
  });

  test("of several megabytes from a server that ignores ranges is read right", async () => {
    const values = Float32Array.from({ length: 700_001 }, (_, i) => i);
    const large = serializeSafetensors([{ name: "a", shape: [values.length], dtype: "float32", values }]);
    answerTo = () => ({ status: 200, body: large });
    const source = await openCheckpoint(address);
    const read = await source.read("a");
    expect(read.length).toBe(values.length);
    expect(values.every((value, i) => value === read[i])).toBe(true);
    expect(await source.read("a", { rows: [262_000, 262_300] })).toEqual(values.slice(262_000, 262_300));
  });

  test.each([
    [404, "missing"],
    [410, "missing"],
    [403, "io"],
    [416, "io"],
    [500, "io"],
  ])("that answers %d is an error of code %s, and its query stays secret", async (status, code) => {
    answerTo = () => ({ status });
    const message = expect.not.stringContaining("secret");
    await expect(openCheckpoint(`${address}?secret`)).rejects.toMatchObject({ code, message });
  });

  test("that is an empty file is truncated", async () => {
    answerTo = () => ({ status: 416, headers: { "content-range": "bytes */0" } });
    await expect(openCheckpoint(address)).rejects.toMatchObject({ code: "truncated" });
    answerTo = () => ({ status: 200 });
    await expect(openCheckpoint(address)).rejects.toMatchObject({ code: "truncated" });
  });

  test("that nobody serves is an error of code io", async () => {
    await expect(openCheckpoint("http://127.0.0.1:1/model.safetensors")).rejects.toMatchObject({ code: "io" });
  });

  test.each<[string, (answer: Answer) => Answer, string]>([
    ["cut short", (answer) => ({ ...answer, cutAfter: 10 }), "truncated"],
    ["shorter than its range", (answer) => ({ ...answer, body: answer.body!.subarray(1) }), "truncated"],
    ["longer than its range", (answer) => ({ ...answer, body: new Uint8Array(answer.body!.length + 1) }), "io"],
    ["of another range", (answer) => ({ ...answer, headers: { "content-range": `bytes 1-2/${file.length}` } }), "io"],
    [
      "of a range that makes no sense",
      (answer) => ({ ...answer, headers: { "content-range": `bytes 9-1/${file.length}` } }),
      "io",
    ],
    ["without a range", (answer) => ({ ...answer, headers: {} }), "io"],
  ])("is refused when an answer is %s, at the first request and later", async (_, spoil, code) => {
    answerTo = (range) => spoil(ranged(range));
    await expect(openCheckpoint(address)).rejects.toMatchObject({ code });
    answerTo = (range) => (range.from === 0 ? ranged(range) : spoil(ranged(range)));
    const source = await openCheckpoint(address);
    await expect(source.read("half")).rejects.toMatchObject({ code });
  });

  test("is refused when the whole file is cut short", async () => {
    answerTo = () => ({ status: 200, body: file, cutAfter: 1000 });
    await expect(openCheckpoint(address)).rejects.toMatchObject({ code: "truncated" });
  });

  test.each<[string, (answer: Answer) => Answer]>([
    ["ETag", (answer) => ({ ...answer, headers: { ...answer.headers, etag: '"two"' } })],
    ["size", () => ranged({ from: 65536, to: 70000 }, new Uint8Array(file.length + 4))],
    ["kind of answer", () => ({ status: 200, body: file })],
  ])("that has another %s than when it was opened has changed", async (_, change) => {
    const source = await openCheckpoint(address);
    answerTo = (range) => change(ranged(range));
    await expect(source.read("half")).rejects.toMatchObject({
      code: "changed",
      message: expect.stringContaining("open it again"),
    });
  });

  test("has not changed when only one of its servers calls the ETag weak", async () => {
    const source = await openCheckpoint(address);
    answerTo = (range) => ({ ...ranged(range), headers: { ...ranged(range).headers, etag: 'W/"one"' } });
    expect(await source.read("half", { rows: [rows - 1, rows] })).toEqual(new Float32Array([99]));
  });

  test("without an ETag is told by its time", async () => {
    const dated = (time: string) => (range: { from: number; to: number }) => {
      const { "content-range": header } = ranged(range).headers!;
      return { ...ranged(range), headers: { "content-range": header!, "last-modified": time } };
    };
    answerTo = dated("Wed, 21 Oct 2015 07:28:00 GMT");
    const source = await openCheckpoint(address);
    await source.read("half");
    answerTo = dated("Wed, 21 Oct 2015 07:28:01 GMT");
    await expect(source.read("half")).rejects.toMatchObject({ code: "changed" });
  });

  test("stops at a signal while a server says nothing", async () => {
    const source = await openCheckpoint(address);
    answerTo = () => "never";
    for (const attempt of [
      (signal: AbortSignal) => openCheckpoint(address, { signal }),
      (signal: AbortSignal) => source.read("half", { signal }),
    ]) {
      const controller = new AbortController();
      const before = asked.length;
      const waiting = attempt(controller.signal);
      const stopping = (async () => {
        while (asked.length === before) await new Promise((resolve) => setTimeout(resolve, 1));
        controller.abort(new Error("no longer wanted"));
      })();
      await expect(waiting).rejects.toThrow("no longer wanted");
      await stopping;
    }
  });

  test("may be a folder, or an index whose files lie beside it", async () => {
    const index = new TextEncoder().encode('{"weight_map":{"half":"part 1.safetensors"}}');
    answerTo = (range, { url }) => {
      if (url === "/models/some-v1.5/model.safetensors?k=1") return { status: 404 };
      if (url?.endsWith(".json?k=1")) return ranged(range, index);
      return ranged(range);
    };
    const base = address.replace("/model.safetensors", "");
    for (const folder of [`${base}/models/some-v1.5?k=1`, `${base}/models/some-v1.5/?k=1`]) {
      asked.length = 0;
      const source = await openCheckpoint(folder);
      expect([...source.entries.keys()]).toEqual(["half"]);
      expect(asked.map((request) => request.split(" ")[0])).toEqual(
        expect.arrayContaining([
          "/models/some-v1.5/model.safetensors?k=1",
          "/models/some-v1.5/model.safetensors.index.json?k=1",
          "/models/some-v1.5/part%201.safetensors?k=1",
        ]),
      );
    }
  });
});
