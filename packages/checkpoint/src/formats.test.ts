import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { npyFile } from "./fixtures/npy-file.js";
import { floats, op, storage, tensor, zipFile } from "./fixtures/pickle-assembler.js";
import { zipArchive } from "./fixtures/zip-archive.js";
import { type CheckpointSource, openCheckpoint, serializeSafetensors, serializeTensorFlow } from "./index.js";

const values = new Float32Array([1, 2]);
const arrays = [{ name: "a", shape: [2], dtype: "float32" as const, values }];
const safetensors = serializeSafetensors(arrays);
const pyTorch = zipFile(op.dict({ a: tensor(storage("0", 2), 0, [2], [1]) }), { 0: floats(1, 2) });
const npz = zipArchive([{ name: "a.npy", content: npyFile(values), deflated: true }]);
const npy = npyFile(values);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes files into the folder. */
async function write(files: Iterable<readonly [name: string, content: Uint8Array | string]>): Promise<void> {
  for (const [name, content] of files) await writeFile(join(folder, name), content);
}

async function expectArray(from: Parameters<typeof openCheckpoint>[0], name = "a"): Promise<void> {
  await using source = await openCheckpoint(from);
  expect([...source.entries.keys()]).toContain(name);
  expect(await source.read(name)).toEqual(values);
}

const fileOf = (name: string, content: Uint8Array) => new File([content.slice()], name);

describe("a checkpoint's format", () => {
  test.each([
    ["safetensors", safetensors],
    ["PyTorch's", pyTorch],
    ["npz", npz],
  ])("is told by its bytes, whatever the name: %s", async (_, file) => {
    await write([["weights.json5", file]]);
    for (const from of [join(folder, "weights.json5"), file, new Blob([file.slice()]), fileOf("a.bin", file)]) {
      await expectArray(from);
    }
  });

  test("of a single array of NumPy gives it the file's name", async () => {
    await write([["weights.npy", npy]]);
    await expectArray(join(folder, "weights.npy"), "weights");
    await expectArray(npy, "arr_0");
  });

  test("that is not known is an error that says what is", async () => {
    const message = expect.stringContaining("safetensors, PyTorch, TensorFlow's .index, NumPy's .npz and .npy");
    const text = new TextEncoder().encode("these are no weights, but a text");
    await expect(openCheckpoint(text)).rejects.toMatchObject({ code: "malformed", message });
    await expect(openCheckpoint(new Uint8Array(0))).rejects.toMatchObject({ code: "truncated", message });
  });
});

describe("a TensorFlow checkpoint", () => {
  test("is opened by its index, its prefix, its folder and its files", async () => {
    const files = await serializeTensorFlow(arrays, "model.ckpt-7");
    await write(files);
    for (const name of ["model.ckpt-7.index", "model.ckpt-7", ""]) await expectArray(join(folder, name));
    await expectArray(Array.from(files, ([name, content]) => fileOf(name, content)));
  });

  test("of which only the index is given says what is missing", async () => {
    const files = await serializeTensorFlow(arrays, "model.ckpt");
    const index = fileOf("model.ckpt.index", files.get("model.ckpt.index")!);
    const message = expect.stringContaining("model.ckpt.data-00000-of-00001");
    for (const from of [index, [index]]) {
      await expect(openCheckpoint(from)).rejects.toMatchObject({ code: "missing", message });
    }
  });
});

describe("a model's folder", () => {
  test("is searched in the order of transformers", async () => {
    const other = serializeSafetensors([{ ...arrays[0]!, name: "b" }]);
    await write([["model.npz", npz]]);
    await expectArray(folder);
    await write(await serializeTensorFlow([{ ...arrays[0]!, name: "tensorflow" }], "bert_model.ckpt"));
    await expectArray(folder, "tensorflow");
    await write([["pytorch_model.bin", pyTorch]]);
    await expectArray(folder, "a");
    await write([["model.safetensors", other]]);
    await expectArray(folder, "b");
  });

  test("may have PyTorch's files in shards", async () => {
    const index = '{"metadata": {}, "weight_map": {"a": "pytorch_model-00001-of-00001.bin"}}';
    await write([
      ["pytorch_model-00001-of-00001.bin", pyTorch],
      ["pytorch_model.bin.index.json", index],
    ]);
    await expectArray(folder);
    await expectArray(join(folder, "pytorch_model.bin.index.json"));
  });

  test("chosen as files may not have two of one name", async () => {
    const file = fileOf("model.safetensors", safetensors);
    await expectArray([file, fileOf("config.json", new Uint8Array(2))]);
    await expect(openCheckpoint([file, file])).rejects.toMatchObject({ code: "argument" });
    await expect(openCheckpoint([])).rejects.toMatchObject({ code: "missing" });
  });
});

describe("on the web, an array", () => {
  const length = 100_000;
  const big = Float32Array.from({ length }, (_, i) => i);
  const many = (name: string) => ({ name, shape: [length], dtype: "float32" as const, values: big });
  const stored = (name: string) => tensor(storage(name, length), 0, [length], [1]);

  test("costs its own bytes, whatever the format", async () => {
    const content = new Uint8Array(big.buffer);
    const files = new Map([
      ["/a.safetensors", serializeSafetensors([many("a"), many("b"), many("c")])],
      ["/a.bin", zipFile(op.dict({ a: stored("a"), b: stored("b") }), { a: content, b: content, c: content })],
      ["/a.npz", zipArchive(["a", "b", "c"].map((name) => ({ name: `${name}.npy`, content: npyFile(big) })))],
    ]);
    for (const [name, file] of await serializeTensorFlow([many("a"), many("b"), many("c")], "model.ckpt")) {
      files.set(`/${name}`, file);
    }
    await using server = await serve(async (path) => files.get(path));
    for (const path of ["/a.safetensors", "/a.bin", "/a.npz", "/model.ckpt", "/model.ckpt.index"]) {
      server.sent = 0;
      await using source = await openCheckpoint(server.address + path);
      expect(await source.read("b", { rows: [50_000, 50_002] })).toEqual(new Float32Array([50_000, 50_001]));
      // The first 64 KiB of each file, and at the end of a zip archive as many.
      expect(server.sent).toBeLessThan(250_000);
      expect(await source.read("b")).toEqual(big);
      expect(server.sent).toBeLessThan(750_000);
    }
  });
});

interface RangeServer extends AsyncDisposable {
  readonly address: string;
  /** Bytes of all answers. */
  sent: number;
}

/** A server that knows ranges. */
async function serve(read: (path: string) => Promise<Uint8Array | undefined>): Promise<RangeServer> {
  const server = createServer(async ({ url = "", headers }, response) => {
    const file = await read(url).catch(() => undefined);
    if (file === undefined) return response.writeHead(404).end();
    const [, from, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const part = file.subarray(Number(from), Number(last) + 1);
    ranged.sent += part.length;
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${file.length}`;
    return response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const ranged: RangeServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return ranged;
}

/** Hugging Face's name of an array, by Google's or one of before LayerNorm's parameters were called weight and bias. */
function huggingFaceName(name: string): string {
  return name
    .replaceAll("/", ".")
    .replace(/layer_(\d+)/, "layer.$1")
    .replace(/\.(kernel|gamma)$|(?<=_embeddings)$/, ".weight")
    .replace(/\.beta$/, ".bias")
    .replace(/output_(weights?|bias)$/, (_, kind: string) => kind.replace("weights", "weight"));
}

function transposed(of: ArrayLike<number>, [rows, columns]: readonly number[]): Float32Array {
  return Float32Array.from(of, (_, i) => of[(i % rows!) * columns! + Math.floor(i / rows!)]!);
}

const bitsOf = (of: { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }) =>
  Buffer.from(of.buffer, of.byteOffset, of.byteLength);

describeWithData("goldens/formats", "every container of the golden model", () => {
  const formats = dataPath("goldens/formats");
  const containers = [
    ...["pytorch", "pytorch-gamma-beta", "pytorch-legacy-nonzip", "pytorch-sharded", "pytorch-strided"],
    ...["pytorch-bf16", "pytorch-f16", "safetensors", "safetensors-bf16", "safetensors-f16", "safetensors-sharded"],
    ...["tf-1-shard", "tf-2-shards"],
  ];

  async function expectGolden(source: CheckpointSource, container: string): Promise<void> {
    const precision = /-(b?f16)$/.exec(container)?.[1] ?? "f32";
    await using truth = await openCheckpoint(join(formats, "expected", `${precision}.safetensors`));
    const spelled = new Map([...source.entries.keys()].map((name) => [huggingFaceName(name), name]));
    for (const [name, { shape }] of truth.entries) {
      const own = spelled.get(name);
      // Google's decoder has no matrix of its own; it is the word table's.
      if (own === undefined && name === "cls.predictions.decoder.weight") continue;
      expect([name, own]).toEqual([name, expect.any(String)]);
      const wanted = await truth.read(name);
      const read = await source.read(own!);
      const found = own!.endsWith("/kernel") ? transposed(read, [...shape].reverse()) : read;
      expect([name, bitsOf(found).equals(bitsOf(wanted))]).toEqual([name, true]);
    }
  }

  let server: RangeServer;
  beforeAll(async () => {
    server = await serve((path) => readFile(join(formats, path)));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test.each(containers)("has the expected arrays, to the bit: %s", async (container) => {
    const path = join(formats, container);
    const names = await readdir(path);
    const contents = await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const));
    const archive = zipArchive(contents.map(([name, content]) => ({ name: `top/${name}`, content, deflated: true })));
    const files = contents.map(([name, content]) => fileOf(name, content));
    for (const from of [path, `${server.address}/${container}`, files, archive]) {
      await using source = await openCheckpoint(from);
      await expectGolden(source, container);
    }
  });
});
