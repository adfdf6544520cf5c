import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import { poolingModes } from "@bertkit/heads";
import type { Backend } from "@bertkit/tensor";
import { expectClose } from "@bertkit/tensor/testing";
import { tinyModelFiles, writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBackend } from "./devices.js";
import { loadSentenceEncoder } from "./load-sentence-encoder.js";

let parent = "";
let backend: Backend;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "load-sentence-encoder-"));
  backend = await openBackend();
});
afterAll(async () => {
  expect(backend.memory.buffers).toBe(0);
  backend[Symbol.dispose]();
  await rm(parent, { recursive: true });
});

/** A tiny model with some of its files replaced, or removed where undefined. */
async function modelWith(name: string, files: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = join(parent, name);
  await writeTinyModel(folder);
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) await rm(join(folder, file));
    else await writeFile(join(folder, file), text);
  }
  return folder;
}

const failure = (folder: string): Promise<unknown> =>
  loadSentenceEncoder(folder, { backend }).then(
    () => new Error("it loaded"),
    (error: unknown) => error,
  );

describe("a model that cannot be used is one sentence, and leaves nothing behind", () => {
  const modules = (type: string, path = ""): string => JSON.stringify([{ idx: 0, name: "0", path, type }]);
  test.each([
    [
      "no-config",
      { "config.json": undefined },
      "CONFIG",
      /neither a config\.json nor a bert_config\.json, so this is no model's folder/,
    ],
    ["config-not-json", { "config.json": "{" }, "CONFIG", /config\.json: it is not JSON/],
    ["another-model", { "config.json": '{"model_type":"gpt2"}' }, "CONFIG", /model_type is "gpt2"/],
    [
      "no-tokenizer",
      { "tokenizer.json": undefined, "vocab.txt": undefined },
      "CONFIG",
      /neither a tokenizer\.json nor/,
    ],
    ["no-weights", { "model.safetensors": undefined }, "missing", /model\.safetensors/],
    ["unknown-module", { "modules.json": modules("sentence_transformers.models.CNN") }, "CONFIG", /CNN" is not known/],
    ["outside", { "modules.json": modules("sentence_transformers.models.Transformer", "../..") }, "CONFIG", /Pooling/],
    ["no-modules", { "modules.json": "[]" }, "CONFIG", /Transformer and then a Pooling must come first/],
    ["bad-limit", { "sentence_bert_config.json": '{"max_seq_length":"long"}' }, "CONFIG", /max_seq_length must be/],
  ] as const)("%s", async (name, files, code, message) => {
    const before = backend.memory.buffers;
    const error = await failure(await modelWith(name, files));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(backend.memory.buffers).toBe(before);
  });

  test("no folder, a file, a checkpoint cut off, another width, a module's path that leads out", async () => {
    expect(await failure(join(parent, "nowhere"))).toMatchObject({
      message: expect.stringMatching(/no folder .*nowhere/),
    });
    const folder = await modelWith("cut", {});
    expect(await failure(join(folder, "vocab.txt"))).toMatchObject({ message: expect.stringMatching(/is a file/) });
    await truncate(join(folder, "model.safetensors"), 3000);
    expect(await failure(folder)).toMatchObject({ name: "CheckpointError" });

    const config = JSON.parse(String((await tinyModelFiles()).get("config.json")));
    const wide = await modelWith("wide", { "config.json": JSON.stringify({ ...config, intermediate_size: 65 }) });
    expect(await failure(wide)).toMatchObject({
      code: "CHECKPOINT_MISMATCH",
      message: expect.stringMatching(/encoder\.layer\.0\.intermediate\.dense\.weight is \[64, 32\].*needs \[65, 32\]/),
    });
    const out = await modelWith("out", {
      "modules.json": JSON.stringify([
        { idx: 0, name: "0", path: "", type: "sentence_transformers.models.Transformer" },
        { idx: 1, name: "1", path: "../1_Pooling", type: "sentence_transformers.models.Pooling" },
      ]),
    });
    expect(await failure(out)).toMatchObject({ message: expect.stringMatching(/leads out of the model's folder/) });
    expect(backend.memory.buffers).toBe(0);
  });

  test("a maximum length that the model cannot have", async () => {
    const folder = await modelWith("length", {});
    const loading = loadSentenceEncoder(folder, { backend, maxLength: 65 });
    await expect(loading).rejects.toThrow(/takes 3 to 64 tokens, special tokens included, got 65/);
  });

  test("an aborted signal", async () => {
    const folder = await modelWith("aborted", {});
    const loading = loadSentenceEncoder(folder, { backend, signal: AbortSignal.abort(new Error("no more")) });
    await expect(loading).rejects.toThrow("no more");
  });

  test("a device that is not there", async () => {
    const folder = await modelWith("device", {});
    const loading = loadSentenceEncoder(folder, { device: "abacus" as never });
    await expect(loading).rejects.toThrow(/no device "abacus"; known: wasm, reference/);
  });
});

describe("encoders without a backend of their user's", () => {
  test("share one for the same device, wide and threads, and close it with the last of them", async () => {
    const folder = await modelWith("shared", {});
    const options = { device: "reference", threads: 1 } as const;
    const [one, two] = await Promise.all([loadSentenceEncoder(folder, options), loadSentenceEncoder(folder, options)]);
    using other = await loadSentenceEncoder(folder, { device: "reference" });
    const shared = one.encoder.backend;
    expect(two.encoder.backend).toBe(shared);
    expect(other.encoder.backend).not.toBe(shared);
    one[Symbol.dispose]();
    const [vector] = await two.encode(["the cat"]);
    expect(vector).toEqual((await other.encode(["the cat"]))[0]);
    two[Symbol.dispose]();
    expect(shared.memory.buffers).toBe(0);
    using again = await loadSentenceEncoder(folder, options);
    expect(again.encoder.backend).not.toBe(shared);
  });

  test("are refused less than one thread, and parts of one", async () => {
    const folder = await modelWith("threads", {});
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      await expect(loadSentenceEncoder(folder, { threads })).rejects.toMatchObject({
        code: "CONFIG",
        message: `threads: it must be a whole number from 1, got ${threads}`,
      });
    }
  });
});

describe("what the files say is done", () => {
  test("old and new layout, every pooling, Dense: loaded, and the width is right", async () => {
    for (const layout of ["old", "new"] as const) {
      for (const pooling of [...poolingModes, ["cls", "mean"] as const]) {
        const folder = join(parent, `${layout}-${pooling}`);
        await writeTinyModel(folder, { layout, pooling, maxLength: 20 });
        using model = await loadSentenceEncoder(folder, { backend });
        expect(model.width).toBe(typeof pooling === "string" ? 32 : 64);
        expect(model.maxLength).toBe(20);
        expect((await model.encode(["the cat"]))[0]).toHaveLength(model.width);
      }
    }
    const folder = join(parent, "dense");
    await writeTinyModel(folder, { dense: 7 });
    using model = await loadSentenceEncoder(folder, { backend });
    expect(model.width).toBe(7);
    expect((await model.encode(["the cat"]))[0]).toHaveLength(7);
  });

  test("another pooling on request", async () => {
    const [mean, cls] = [join(parent, "mean"), join(parent, "cls")];
    await writeTinyModel(mean, { pooling: "mean" });
    await writeTinyModel(cls, { pooling: "cls" });
    using asked = await loadSentenceEncoder(mean, { backend, pooling: "cls" });
    using stated = await loadSentenceEncoder(cls, { backend });
    expect(await asked.encode(["the cat"])).toEqual(await stated.encode(["the cat"]));
  });

  test("vocab.txt gives the same as tokenizer.json", async () => {
    const folder = await modelWith("json", {});
    const plain = await modelWith("vocabulary", { "tokenizer.json": undefined });
    using one = await loadSentenceEncoder(folder, { backend });
    using other = await loadSentenceEncoder(plain, { backend });
    expect(await other.encode(["The cat, sat!"])).toEqual(await one.encode(["The cat, sat!"]));
  });

  test("a BERT without sentence-transformers files: the mean of its tokens", async () => {
    const folder = join(parent, "plain");
    await writeTinyModel(folder, { normalize: false });
    using sentence = await loadSentenceEncoder(folder, { backend });
    const bare = await modelWith("bare", {});
    await cp(folder, bare, { recursive: true });
    await rm(join(bare, "modules.json"));
    using plain = await loadSentenceEncoder(bare, { backend });
    expect(await plain.encode(["the cat"])).toEqual(await sentence.encode(["the cat"]));
  });

  test("a model behind an http address", async () => {
    const files = await tinyModelFiles();
    const server = createServer((request, response) => {
      const file = files.get((request.url ?? "").replace(/^\/tiny\//, ""));
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      const bytes = Buffer.from(file as Uint8Array);
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
      if (!range) {
        response.end(bytes);
        return;
      }
      const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
      response.writeHead(206, { "Content-Range": `bytes ${from}-${to}/${bytes.length}` });
      response.end(bytes.subarray(from, to + 1));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      using remote = await loadSentenceEncoder(`http://127.0.0.1:${port}/tiny`, { backend });
      using local = await loadSentenceEncoder(await modelWith("local", {}), { backend });
      expect(await remote.encode(["the cat"])).toEqual(await local.encode(["the cat"]));
      expect(await failure(`http://127.0.0.1:${port}/other`)).toMatchObject({ code: "CONFIG" });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describeWithData("goldens/pooling", "sentence-transformers folders give sentence-transformers' vectors", () => {
  // Five times what PyTorch's own float32 run is off (goldens' README), for unit-length and for other outputs.
  test.each([
    ["mean_normalize", 5 * 4.9e-7],
    ["cls_dense_normalize", 5 * 4.9e-7],
    ["max", 5 * 3.0e-6],
  ])("%s", async (name, tolerance) => {
    const { texts } = JSON.parse(await readFile(dataPath("goldens/pooling/meta.json"), "utf8"));
    await using expected = await openCheckpoint(dataPath("goldens/pooling", name, "embeddings.safetensors"));
    for (const device of ["wasm", "reference"] as const) {
      using model = await loadSentenceEncoder(dataPath("goldens/pooling", name), { device });
      const vectors = await model.encode(texts);
      expectClose(
        vectors.flatMap((vector) => [...vector]),
        await expected.read("embeddings_f64"),
        tolerance,
      );
    }
  });
});

describe("what is asked for instead of what the files state", () => {
  const vectorOf = async (options: Parameters<typeof loadSentenceEncoder>[1]): Promise<readonly number[]> => {
    const folder = join(parent, "wishes");
    await writeTinyModel(folder);
    using encoder = await loadSentenceEncoder(folder, { backend, ...options });
    const [vector] = await encoder.encode(["hello again"]);
    expect(vector).toHaveLength(encoder.width);
    return Array.from(vector!);
  };
  const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values));

  test("without normalising, vectors have their own length and the same direction", async () => {
    const raw = await vectorOf({ normalize: false });
    expect(Math.hypot(...raw)).not.toBeCloseTo(1, 1);
    expectClose(unit(raw), await vectorOf({}), "float32");
    expect(await vectorOf({ normalize: true })).toEqual(await vectorOf({}));
  });

  test("fewer dimensions are the first ones, with length 1 again where the whole had it", async () => {
    const whole = await vectorOf({});
    expectClose(await vectorOf({ dimensions: 5 }), unit(whole.slice(0, 5)), "float32");
    const raw = await vectorOf({ normalize: false });
    expectClose(await vectorOf({ normalize: false, dimensions: 5 }), raw.slice(0, 5), "float32");
    expect(await vectorOf({ dimensions: whole.length })).toHaveLength(whole.length);
  });

  test.each([0, 33, 1.5, Number.NaN])("%p dimensions of 32 are an error", async (dimensions) => {
    await expect(vectorOf({ dimensions })).rejects.toMatchObject({ code: "CONFIG" });
  });
});
