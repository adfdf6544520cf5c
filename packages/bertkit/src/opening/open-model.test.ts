import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Backend } from "@bertkit/tensor";
import { tinyModelFiles } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBackend } from "../devices.js";
import { fingerprintModel } from "../fingerprint-model.js";
import { storedZip } from "../fixtures/stored-zip.js";
import { weightsIn } from "../fixtures/weights-in.js";
import { inspectModel, loadFeatureExtractor, loadSentenceEncoder, loadTokenizer, quantizeModel } from "../index.js";
import { encoderFiles } from "./needed-files.js";
import { openModel } from "./open-model.js";

type Files = ReadonlyMap<string, string | Uint8Array>;

const tiny = tinyModelFiles();
const weights = tiny.get("model.safetensors") as Uint8Array;
const vocabulary = String(tiny.get("vocab.txt"));
const named: Files = new Map([["bert_config.json", String(tiny.get("config.json"))]]);
const texts = ["A lovely library.", "eine schöne Bibliothek"];

let parent = "";
let backend: Backend;
let expected: readonly Float32Array[];
/** Google's release of the tiny model: a folder, as in the archive that it comes in. */
let release: Files;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "open-model-"));
  backend = await openBackend();
  release = new Map([...named, ["vocab.txt", vocabulary], ...(await weightsIn.ckpt(weights))]);
  const folder = await written("plain", new Map([...named, ["vocab.txt", vocabulary], ["model.safetensors", weights]]));
  expected = await vectorsOf(folder);
});
afterAll(async () => {
  expect(backend.memory.buffers).toBe(0);
  backend[Symbol.dispose]();
  await rm(parent, { recursive: true });
});

async function written(name: string, files: Files): Promise<string> {
  const folder = join(parent, name);
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function vectorsOf(model: string): Promise<readonly Float32Array[]> {
  using encoder = await loadSentenceEncoder(model, { backend });
  return await encoder.encode(texts);
}

const inFolder = (folder: string, files: Files): Files =>
  new Map(Array.from(files, ([path, content]) => [`${folder}/${path}`, content]));

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );

describe("a model gives the same vectors, to the bit, whatever its weights come in", () => {
  test.each(["safetensors", "bin", "npz", "ckpt"] as const)("%s, by its folder and by its weights", async (kind) => {
    const files = await weightsIn[kind](weights);
    const folder = await written(`as-${kind}`, new Map([...named, ["vocab.txt", vocabulary], ...files]));
    expect(await vectorsOf(folder)).toEqual(expected);
    expect(await vectorsOf(join(folder, [...files.keys()].at(-1)!.replace(/data-.*/, "index")))).toEqual(expected);
  });

  test("a TensorFlow checkpoint by its prefix, a folder here of the name of Google's release", async () => {
    const folder = await written("uncased_L-12_H-768_A-12", release);
    expect(await vectorsOf(join(folder, "bert_model.ckpt"))).toEqual(expected);
    const before = process.cwd();
    process.chdir(parent);
    try {
      expect(await vectorsOf("uncased_L-12_H-768_A-12")).toEqual(expected);
    } finally {
      process.chdir(before);
    }
  });

  test("weights that are named are taken, whatever else lies beside them", async () => {
    const files = await weightsIn.bin(weights);
    const folder = await written("several", new Map([...release, ...files, ["model.safetensors", "broken"]]));
    expect(await vectorsOf(join(folder, "pytorch_model.bin"))).toEqual(expected);
    expect(await failureOf(vectorsOf(folder))).toMatchObject({ name: "CheckpointError" });
  });
});

describe("an archive of Google's release, as it was downloaded", () => {
  let archive = "";
  beforeAll(async () => {
    archive = join(parent, "release.zip");
    await writeFile(archive, storedZip(inFolder("uncased_L-2_H-32_A-4", release)));
  });

  test("is a sentence encoder, an encoder, a tokenizer, and says what it is", async () => {
    expect(await vectorsOf(archive)).toEqual(expected);
    using extractor = await loadFeatureExtractor(archive, { backend });
    const [features] = await extractor.extract(texts);
    expect(features!.layers.at(-1)).toBeDefined();
    expect((await loadTokenizer(archive)).vocabulary.size).toBe(vocabulary.trimEnd().split("\n").length);
    expect(await inspectModel(archive)).toMatchObject({ family: "BERT", dtypes: ["float32"] });
  });

  test("is closed once the model is loaded", async () => {
    const folder = await openModel(archive, encoderFiles);
    const source = await folder.openCheckpoint();
    await source.close();
    await folder.close();
    expect(await failureOf(folder.openCheckpoint())).toMatchObject({ code: "closed" });
  });

  test("is quantised to a folder that loads", async () => {
    const folder = join(parent, "quantised");
    await quantizeModel(archive, folder);
    using direct = await loadSentenceEncoder(archive, { backend, precision: "int8" });
    expect(await vectorsOf(folder)).toEqual(await direct.encode(texts));
  });

  test("has a fingerprint, as a file of weights has", async () => {
    const before = await fingerprintModel(archive);
    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
    const other = join(parent, "other.zip");
    await writeFile(other, storedZip(release));
    expect(await fingerprintModel(other)).not.toBe(before);
    const folder = await written("fingerprinted", new Map([...release, ["model.safetensors", weights]]));
    const byWeights = await fingerprintModel(join(folder, "bert_model.ckpt"));
    expect(byWeights).not.toBe(await fingerprintModel(folder));
    await rm(join(folder, "model.safetensors"));
    expect(await fingerprintModel(folder)).toBe(byWeights);
  });

  test("without a configuration, or without weights, is one sentence", async () => {
    const bare = join(parent, "bare.zip");
    await writeFile(bare, storedZip(new Map([["vocab.txt", vocabulary]])));
    expect(await failureOf(vectorsOf(bare))).toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/bare\.zip.*neither a config\.json nor a bert_config\.json/),
    });
    await writeFile(bare, storedZip(new Map([...named, ["vocab.txt", vocabulary]])));
    expect(await failureOf(vectorsOf(bare))).toMatchObject({
      code: "missing",
      message: expect.stringMatching(/bare\.zip has none of model\.safetensors/),
    });
    await writeFile(bare, "no archive");
    expect(await failureOf(vectorsOf(bare))).toMatchObject({ name: "CheckpointError" });
  });
});

describe("at an http address", () => {
  let site = "";
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url!, "http://localhost");
    asked.push(pathname + search);
    const content = await readFile(join(parent, pathname)).catch(() => undefined);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (content === undefined || first === undefined) {
      response.writeHead(content ? 200 : 404).end(content);
      return;
    }
    const part = content.subarray(Number(first), Number(last) + 1);
    const range = `bytes ${first}-${Number(first) + part.length - 1}/${content.length}`;
    response.writeHead(206, { "content-range": range }).end(part);
  });
  beforeAll(async () => {
    await written("web", new Map([...release, ...(await weightsIn.bin(weights))]));
    await writeFile(join(parent, "web", "release.zip"), storedZip(inFolder("any", release)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}/web`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test.each(["", "/", "/pytorch_model.bin", "/bert_model.ckpt", "/bert_model.ckpt.index", "/release.zip"])(
    "…%s",
    async (path) => {
      expect(await vectorsOf(site + path)).toEqual(expected);
    },
  );

  test("a query, which may sign it, goes with every file, and into no message", async () => {
    asked.length = 0;
    expect(await vectorsOf(`${site}/pytorch_model.bin?key=secret`)).toEqual(expected);
    expect(await fingerprintModel(`${site}/release.zip?key=secret`)).toMatch(/^sha256:/);
    expect(asked.filter((path) => !path.endsWith("?key=secret"))).toEqual([]);
    expect(String(await failureOf(vectorsOf(`${site}/none?key=secret`)))).not.toContain("secret");
    expect(await failureOf(vectorsOf("http://[/model"))).toMatchObject({ code: "argument" });
  });
});

describe("where there is only a vocabulary, it says whether text is lower-cased", () => {
  const cased = vocabulary.replace("\nthe\n", "\nThe\n");

  test("and a tokenizer_config.json goes before it", async () => {
    const plain = await written("cased", new Map([["vocab.txt", cased]]));
    const says = '{"do_lower_case":true}';
    const config = await written(
      "configured",
      new Map([
        ["vocab.txt", cased],
        ["tokenizer_config.json", says],
      ]),
    );
    expect((await loadTokenizer(plain)).encode("The").tokens).toContain("The");
    expect((await loadTokenizer(config)).encode("The").tokens).not.toContain("The");
  });
});

test("a path to nothing, and a file of another kind, say what a model is named by", async () => {
  const folder = await written("wrong", new Map([["notes.txt", "none"]]));
  for (const name of ["nothing", "nothing.zip", "model.safetensors", "bert_model.ckpt"]) {
    expect(await failureOf(vectorsOf(join(folder, name)))).toMatchObject({
      code: "missing",
      message: expect.stringMatching(/a folder, an archive \(\.zip, .* or weights/),
    });
  }
  expect(await failureOf(vectorsOf(join(folder, "notes.txt")))).toMatchObject({ code: "argument" });
  const [index] = [...release.keys()].filter((path) => path.endsWith(".index"));
  const alone = await written("alone", new Map([...named, ["vocab.txt", vocabulary], [index!, release.get(index!)!]]));
  expect(await failureOf(vectorsOf(alone))).toMatchObject({
    message: expect.stringMatching(/bert_model\.ckpt\.data-/),
  });
});

describeWithData("checkpoints/tf-checkpoint-tiny", "the checkpoints of others", () => {
  test("of TensorFlow and PyTorch load", async () => {
    for (const name of ["tf-checkpoint-tiny", "pytorch-bin-tiny"]) {
      const [first] = await vectorsOf(dataPath("checkpoints", name));
      expect(first!.every(Number.isFinite)).toBe(true);
    }
  });
});
