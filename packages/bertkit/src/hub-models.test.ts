import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import type { Backend } from "@bertkit/tensor";
import { tinyModelFiles, writeTinyModel } from "@bertkit-tooling/fixtures";
import { type Hub, type HubFiles, startHub } from "@bertkit-tooling/hub-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { openBackend } from "./devices.js";
import type { DownloadOptions, DownloadPlan } from "./download-options.js";
import { fingerprintModel } from "./fingerprint-model.js";
import { torchFile } from "./fixtures/torch-file.js";
import { weightsIn } from "./fixtures/weights-in.js";
import {
  convertModel,
  defaultModel,
  downloadModel,
  HubError,
  inspectModel,
  listCachedModels,
  loadSentenceEncoder,
  loadTokenizer,
} from "./index.js";

const tiny = tinyModelFiles({ dense: 7 });
const others: HubFiles = new Map<string, string | Uint8Array>([
  ["README.md", "# tiny"],
  ["pytorch_model.bin", new Uint8Array(1000)],
  ["onnx/model.onnx", new Uint8Array(1000)],
  ["2_Dense/pytorch_model.bin", new Uint8Array(1000)],
]);

/** The tiny model's files with some changed, or left out where undefined. */
function filesWith(changes: Readonly<Record<string, string | Uint8Array | undefined>>): HubFiles {
  const files = new Map([...tiny, ...others]);
  for (const [path, content] of Object.entries(changes)) {
    if (content === undefined) files.delete(path);
    else files.set(path, content);
  }
  return files;
}

/** The index of a model in two shards, the first of which is the whole. */
const index = JSON.stringify({
  weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
});

const torchOf = async (path: string): Promise<Uint8Array> =>
  torchFile(await openCheckpoint(tiny.get(path) as Uint8Array));

let backend: Backend;
let hub: Hub;
let folder = "";
let options: DownloadOptions & { readonly backend: Backend };
beforeAll(async () => {
  backend = await openBackend();
  const googleFiles: HubFiles = new Map<string, string | Uint8Array>([
    ["bert_config.json", tiny.get("config.json")!],
    ["vocab.txt", tiny.get("vocab.txt")!],
    ...(await weightsIn.ckpt(tiny.get("model.safetensors") as Uint8Array)),
  ]);
  const models = new Map([
    ["ns/tiny", filesWith({})],
    [defaultModel, filesWith({})],
    [
      "ns/pickled",
      filesWith({
        "model.safetensors": undefined,
        "pytorch_model.bin": await torchOf("model.safetensors"),
        "2_Dense/model.safetensors": undefined,
        "2_Dense/pytorch_model.bin": await torchOf("2_Dense/model.safetensors"),
      }),
    ],
    [
      "ns/torch-sharded",
      filesWith({
        "model.safetensors": undefined,
        "pytorch_model.bin": undefined,
        "pytorch_model.bin.index.json": '{"weight_map": {"a": "pytorch_model-00001-of-00001.bin"}}',
        "pytorch_model-00001-of-00001.bin": new Uint8Array(999),
      }),
    ],
    ["ns/google", googleFiles],
    ["google/bert_uncased_L-2_H-128_A-2", googleFiles],
    ["ns/no-weights", filesWith({ "model.safetensors": undefined, "pytorch_model.bin": undefined })],
    ["ns/gpt2", filesWith({ "config.json": '{"model_type": "gpt2"}' })],
    ["ns/no-tokenizer", filesWith({ "tokenizer.json": undefined, "vocab.txt": undefined })],
    ["ns/byte-level", filesWith(byteLevel)],
    [
      "ns/sharded",
      filesWith({
        "model.safetensors": undefined,
        "model.safetensors.index.json": index,
        "model-00001-of-00002.safetensors": tiny.get("model.safetensors"),
        // Bytes of its own: the same twice are fetched once.
        "model-00002-of-00002.safetensors": new Uint8Array(1000),
      }),
    ],
    [
      "ns/outside",
      filesWith({
        "model.safetensors": undefined,
        "model.safetensors.index.json": index.replace("model-", "../model-"),
      }),
    ],
  ]);
  hub = await startHub({ models });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-models-"));
  options = { endpoint: hub.url, token: false, cacheFolder: join(folder, "cache"), onDownload: () => {}, backend };
});
afterEach(async () => {
  hub.faults.clear();
  hub.forgetRequests();
  await rm(folder, { recursive: true });
});
afterAll(async () => {
  backend[Symbol.dispose]();
  await hub.close();
});

/** The files that were fetched since the last time, large and small. */
function fetched(): string[] {
  const paths = hub.requests.flatMap(({ path, server }) => {
    const file = server === "hub" && /\/resolve\/[0-9a-f]+\/(.*)$/.exec(path)?.[1];
    return file || [];
  });
  hub.forgetRequests();
  return paths.sort();
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );

/** As of RoBERTa. */
const byteLevel = {
  ...{ "tokenizer.json": undefined, "vocab.txt": undefined, "tokenizer_config.json": undefined },
  ...{ "vocab.json": '{"<s>": 0}', "merges.txt": "#version: 0.2\n" },
};

const needed = [
  "1_Pooling/config.json",
  "2_Dense/config.json",
  "2_Dense/model.safetensors",
  "config.json",
  "config_sentence_transformers.json",
  "model.safetensors",
  "modules.json",
  "sentence_bert_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
];

test("a model by its name is fetched once, only what is needed, and gives the vectors of its folder", async () => {
  const here = join(folder, "here");
  await writeTinyModel(here, { dense: 7 });
  using byFolder = await loadSentenceEncoder(here, { backend });
  using byName = await loadSentenceEncoder("ns/tiny", options);
  expect(fetched()).toEqual(needed);
  using again = await loadSentenceEncoder("ns/tiny@main", { ...options, offline: true });
  expect(hub.requests).toEqual([]);
  const texts = ["a text", "another"];
  const vectors = await byFolder.encode(texts);
  expect(await byName.encode(texts)).toEqual(vectors);
  expect(await again.encode(texts)).toEqual(vectors);
});

test("a tokenizer is fetched without weights, and what is already there is not fetched again", async () => {
  const tokenizer = await loadTokenizer("ns/tiny", options);
  expect(tokenizer.vocabulary.size).toBeGreaterThan(100);
  expect(fetched()).toEqual(["modules.json", "tokenizer.json", "tokenizer_config.json"]);
  expect((await inspectModel("ns/tiny", options)).sentence.width).toBe(7);
  expect(fetched()).toEqual(needed.filter((path) => !/^(modules|tokenizer|tokenizer_config)\.json$/.test(path)));
});

test("the weights in shards are the index and the files that it names", async () => {
  await downloadModel("ns/sharded", options);
  expect(fetched().filter((path) => /^model/.test(path))).toEqual([
    "model-00001-of-00002.safetensors",
    "model-00002-of-00002.safetensors",
    "model.safetensors.index.json",
  ]);
});

test("weights that PyTorch pickled are read as safetensors are, those of Dense layers too", async () => {
  using pickled = await loadSentenceEncoder("ns/pickled", options);
  expect(fetched().filter((path) => /\.(safetensors|bin)$/.test(path))).toEqual([
    "2_Dense/pytorch_model.bin",
    "pytorch_model.bin",
  ]);
  using usual = await loadSentenceEncoder("ns/tiny", options);
  expect(await pickled.encode(["a text"])).toEqual(await usual.encode(["a text"]));
  fetched();
  await downloadModel("ns/torch-sharded", options);
  expect(fetched().filter((path) => path.includes("pytorch_model"))).toEqual([
    "pytorch_model-00001-of-00001.bin",
    "pytorch_model.bin.index.json",
  ]);
});

test("a TensorFlow checkpoint is its index and its data, and Google's names for its models are known", async () => {
  using byName = await loadSentenceEncoder("ns/google", options);
  expect(fetched()).toEqual([
    "bert_config.json",
    "bert_model.ckpt.data-00000-of-00001",
    "bert_model.ckpt.index",
    "vocab.txt",
  ]);
  using byGooglesName = await loadSentenceEncoder("bert-tiny", options);
  expect(await byGooglesName.encode(["a text"])).toEqual(await byName.encode(["a text"]));
  const { name } = await downloadModel("uncased_L-2_H-128_A-2", options);
  expect(name).toBe("google/bert_uncased_L-2_H-128_A-2");
  expect(await failureOf(loadTokenizer("uncased_L-2_H-128_A2", options))).toMatchObject({
    suggestions: expect.arrayContaining(["uncased_L-2_H-128_A-2"]),
  });
});

describe("a model that cannot be used is one sentence, before its weights are fetched", () => {
  test.each([
    ["ns/no-weights", "CONFIG", /no weights: none of model\.safetensors, .*pytorch_model\.bin/],
    ["ns/gpt2", "CONFIG", /model_type is "gpt2"/],
    ["ns/no-tokenizer", "CONFIG", /neither a tokenizer\.json nor a vocab\.txt/],
    ["ns/byte-level", "CONFIG", /its tokenizer is of the kind of vocab\.json, which is not read yet/],
    ["ns/outside", "argument", /not the path of a file inside/],
    ["ns/none", "not-found", /no model ns\/none/],
    ["ns/tiny@v9", "not-found", /no revision v9/],
  ])("%s", async (model, code, message) => {
    const error = await failureOf(loadSentenceEncoder(model, options));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(fetched().filter((path) => path.endsWith(".safetensors"))).toEqual([]);
  });
});

test("a model whose tokenizer is not read is converted with its tokenizer's files", async () => {
  const { outputs } = await convertModel("ns/byte-level", join(folder, "made"), options);
  expect(outputs).toMatchObject({ kind: "compared", largestDifference: 0 });
  expect(await readFile(join(folder, "made", "merges.txt"), "utf8")).toBe(byteLevel["merges.txt"]);
  await expect(loadTokenizer(join(folder, "made"))).rejects.toThrow(/of the kind of vocab\.json/);
});

describe("what a model is named by", () => {
  test("a folder that exists wins over a name, and a path is never a name", async () => {
    const before = process.cwd();
    await mkdir(join(folder, "ns"));
    await writeTinyModel(join(folder, "ns", "tiny"), { dense: 5 });
    process.chdir(folder);
    try {
      expect((await inspectModel("ns/tiny", options)).sentence.width).toBe(5);
      expect(await failureOf(inspectModel("./ns/pickled", options))).toMatchObject({ code: "missing" });
      expect(await failureOf(inspectModel("~/tiny", options))).toMatchObject({ code: "missing" });
      await writeFile(join(folder, "ns", "file"), "");
      expect(await failureOf(inspectModel("ns/file", options))).toMatchObject({
        message: expect.stringMatching(/is a file that is no model/),
      });
      expect(hub.requests).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });

  test("a name without its namespace is an error with the full names that may be meant", async () => {
    await downloadModel("ns/tiny", options);
    const error = await failureOf(loadTokenizer("all-MiniLM-L6-v2", options));
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({ code: "name", hint: expect.any(String) });
    expect((error as HubError).suggestions[0]).toBe("sentence-transformers/all-MiniLM-L6-v2");
    expect(await failureOf(loadTokenizer("tiny", options))).toMatchObject({ suggestions: ["ns/tiny"] });
    expect(await failureOf(loadTokenizer("a/b/c", options))).toMatchObject({
      message: expect.stringMatching(/no folder a\/b\/c/),
    });
  });

  test("nothing at all names what BERTKIT_MODEL names, else the default", async () => {
    const before = process.env.BERTKIT_MODEL;
    try {
      delete process.env.BERTKIT_MODEL;
      expect((await inspectModel(undefined, options)).model).toBe(defaultModel);
      process.env.BERTKIT_MODEL = "ns/tiny";
      expect((await inspectModel(undefined, options)).model).toBe("ns/tiny");
    } finally {
      if (before === undefined) delete process.env.BERTKIT_MODEL;
      else process.env.BERTKIT_MODEL = before;
    }
  });
});

describe("what is fetched is told", () => {
  test("by default in a sentence on stderr, once", async () => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      const { onDownload: _silent, ...usual } = options;
      await loadTokenizer("ns/tiny", usual);
      await loadTokenizer("ns/tiny", usual);
      expect(write.mock.calls).toEqual([
        [
          expect.stringMatching(
            `^bertkit: fetching 3 files of ns/tiny, \\d+\\.\\d kB, from ${hub.url} into ${options.cacheFolder}\n$`,
          ),
        ],
      ]);
    } finally {
      write.mockRestore();
    }
  });

  test("or to a function, with progress to the last byte", async () => {
    const plans: DownloadPlan[] = [];
    let last = { bytes: 0, total: -1 };
    await downloadModel("ns/tiny", {
      ...options,
      onDownload: (plan) => plans.push(plan),
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(plans).toHaveLength(1);
    expect(last).toEqual({ bytes: plans[0]!.bytes, total: plans[0]!.bytes });
  });
});

test("downloading takes the newest version, and says what is there now", async () => {
  const first = await downloadModel("ns/tiny", options);
  expect(first).toMatchObject({ name: "ns/tiny", revision: "main", commit: hub.commitOf("ns/tiny") });
  expect([...first.files].sort()).toEqual(needed);
  const newest = await hub.update("ns/tiny", filesWith({ "config_sentence_transformers.json": "{}" }));
  expect((await inspectModel("ns/tiny", options)).sentence.prompts.size).toBe(2);
  expect((await downloadModel("ns/tiny", options)).commit).toBe(newest);
  expect((await inspectModel("ns/tiny", options)).sentence.prompts.size).toBe(0);
  expect((await listCachedModels(options))[0]?.commits).toHaveLength(2);
  expect(await failureOf(downloadModel("tiny", options))).toMatchObject({ code: "name" });
});

describe("a model's fingerprint", () => {
  test("of the hub is its commit", async () => {
    expect(await fingerprintModel("ns/tiny", options)).toBe(`ns/tiny@${hub.commitOf("ns/tiny")}`);
    expect(await fingerprintModel("ns/tiny@main", { ...options, offline: true })).toBe(
      `ns/tiny@${hub.commitOf("ns/tiny")}`,
    );
  });

  test("of a folder changes with a needed file, and with no other", async () => {
    const [here, copy] = [join(folder, "here"), join(folder, "copy")];
    await writeTinyModel(here);
    await writeTinyModel(copy);
    const before = await fingerprintModel(here);
    await writeFile(join(copy, "README.md"), "# other");
    expect(await fingerprintModel(`${copy}/`)).toBe(before);
    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
    await writeTinyModel(copy, { seed: 2 });
    expect(await fingerprintModel(copy)).not.toBe(before);
  });

  test("of a folder with what training left is of the latest step", async () => {
    const here = join(folder, "steps");
    await writeTinyModel(here);
    const weights = await weightsIn.ckpt(tiny.get("model.safetensors") as Uint8Array);
    await rm(join(here, "model.safetensors"));
    for (const [name, content] of weights) {
      await writeFile(join(here, name.replace("bert_model.ckpt", "model.ckpt-20")), content);
    }
    const before = await fingerprintModel(here);
    await writeFile(join(here, "model.ckpt-9.index"), "older");
    expect(await fingerprintModel(here)).toBe(before);
    await writeFile(join(here, "model.ckpt-20.data-00000-of-00001"), "other");
    expect(await fingerprintModel(here)).not.toBe(before);
  });

  test("of an address changes with what its server says of a file", async () => {
    const server = createServer((request, response) => {
      const content = tiny.get(decodeURIComponent(request.url ?? "").replace("/model/", ""));
      response.writeHead(content === undefined ? 404 : 200, { etag: `"${version}"` });
      response.end(request.method === "HEAD" ? undefined : content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`;
    let version = 1;
    const before = await fingerprintModel(address);
    expect(await fingerprintModel(`${address}/`)).toBe(before);
    version = 2;
    expect(await fingerprintModel(address)).not.toBe(before);
    await new Promise((resolve) => server.close(resolve));
  });
});
