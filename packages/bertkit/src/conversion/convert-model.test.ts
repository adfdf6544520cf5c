import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckpointEntry, openCheckpoint } from "@bertkit/checkpoint";
import { type TinyModelOptions, tinyHeads, writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { changeArrays, changeConfig } from "../fixtures/change-model.js";
import { loadSentenceEncoder } from "../load-sentence-encoder.js";
import { OutputFolderError } from "../output-folder-error.js";
import { loadTagger } from "../tasks/tagger.js";
import { convertModel } from "./convert-model.js";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "convert-model-"));
});
afterEach(() => rm(parent, { recursive: true }));

const at = (...path: string[]): string => join(parent, ...path);

async function tiny(options: TinyModelOptions = {}): Promise<string> {
  await writeTinyModel(at("model"), options);
  return at("model");
}

interface StoredArray extends CheckpointEntry {
  readonly values: readonly number[];
}

/** Every array of a folder's weights. */
async function arraysIn(folder: string): Promise<Record<string, StoredArray>> {
  await using source = await openCheckpoint(folder);
  const arrays: Record<string, StoredArray> = {};
  for (const [name, { shape, dtype }] of source.entries) {
    arrays[name] = { shape, dtype, values: [...(await source.read(name))] };
  }
  return arrays;
}

const jsonIn = async (...path: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(at(...path), "utf8"));

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
};

const same = { kind: "compared", largestDifference: 0, relativeDifference: 0 };

describe("safetensors", () => {
  test.each([undefined, ...tinyHeads])("of a model with the head %s have the arrays that it had", async (head) => {
    const model = await tiny({ head, labels: ["a", "b", "c"] });
    const report = await convertModel(model, at("made"));
    expect(await arraysIn(at("made"))).toEqual(await arraysIn(model));
    expect(report).toMatchObject({ architecture: head ?? "BertModel", leftOut: [], warnings: [], outputs: same });
    expect(report.files.map(({ path }) => path)).toEqual(await filesIn(at("made")));
    for (const file of (await filesIn(model)).filter((name) => name !== "model.safetensors")) {
      expect([file, await readFile(at("made", file))]).toEqual([file, await readFile(join(model, file))]);
    }
  });

  test("leave out what is no part of the architecture, and say why", async () => {
    const model = await tiny({ head: "BertForMaskedLM" });
    const kept = await arraysIn(model);
    await changeArrays(model, (arrays) => {
      const words = arrays.get("bert.embeddings.word_embeddings.weight")!;
      arrays.set("cls.predictions.decoder.weight", words);
      arrays.set("cls.predictions.decoder.bias", arrays.get("cls.predictions.bias")!);
      arrays.set("bert.embeddings.position_ids", { shape: [1, 2], values: Float32Array.of(0, 1) });
      arrays.set("bert/pooler/dense/kernel/adam_m", { shape: [1], values: Float32Array.of(0) });
      arrays.set("bert.pooler.dense.bias", { shape: [32], values: new Float32Array(32) });
    });
    const { leftOut, arrays } = await convertModel(model, at("made"));
    expect(await arraysIn(at("made"))).toEqual(kept);
    expect(arrays).toHaveLength(Object.keys(kept).length);
    expect(Object.fromEntries(leftOut.map(({ name, reason }) => [name, reason]))).toEqual({
      "cls.predictions.decoder.weight": "it is the word table again, which the head shares",
      "cls.predictions.bias": "it is the head's bias again",
      "bert.embeddings.position_ids": "it is a buffer, which models make anew",
      "bert/pooler/dense/kernel/adam_m": "it is the optimizer's",
      "bert.pooler.dense.bias": "it is no part of BertForMaskedLM",
    });
  });

  test("have transformers' prefixes and LayerNorm's new names, whatever the model's file had", async () => {
    const model = await tiny({ head: "BertForTokenClassification", labels: ["O", "B-PER", "I-PER"] });
    const wanted = await arraysIn(model);
    await changeArrays(model, (arrays) => {
      for (const [name, array] of [...arrays]) {
        arrays.delete(name);
        const old = name.replace(/(LayerNorm)\.weight$/, "$1.gamma").replace(/(LayerNorm)\.bias$/, "$1.beta");
        arrays.set(`module.${old}`, array);
      }
    });
    await convertModel(model, at("made"));
    expect(await arraysIn(at("made"))).toEqual(wanted);
    using tagger = await loadTagger(at("made"));
    using before = await loadTagger(model);
    expect(await tagger.tag(["a cat sat"])).toEqual(await before.tag(["a cat sat"]));
  });

  test.each([
    ["float16", 0.02],
    ["bfloat16", 0.15],
  ] as const)("in %s say so, and give nearly the same", async (precision, most) => {
    const model = await tiny({ dense: 7 });
    const report = await convertModel(model, at("made"), { precision });
    expect(await jsonIn("made", "config.json")).toMatchObject({ dtype: precision });
    const arrays = await arraysIn(at("made"));
    expect(new Set(Object.values(arrays).map(({ dtype }) => dtype))).toEqual(new Set([precision]));
    const { outputs } = report;
    if (outputs.kind !== "compared") throw new Error(outputs.reason);
    expect(outputs.relativeDifference).toBeGreaterThan(0);
    expect(outputs.relativeDifference).toBeLessThan(most);
    await convertModel(at("made"), at("again"));
    expect(await arraysIn(at("again"))).toEqual(arrays);
    await convertModel(at("made"), at("floats"), { precision: "float32" });
    expect(await jsonIn("floats", "config.json")).toMatchObject({ dtype: "float32" });
  });

  test("of a table that the masked-language head does not share keep it, and the bias under both its names", async () => {
    const model = await tiny({ head: "BertForMaskedLM" });
    await changeConfig(model, { tie_word_embeddings: false });
    await changeArrays(model, (arrays) => {
      const { shape, values } = arrays.get("bert.embeddings.word_embeddings.weight")!;
      arrays.set("cls.predictions.decoder.weight", { shape, values: values.map((value) => -value) });
    });
    const wanted = await arraysIn(model);
    const { outputs } = await convertModel(model, at("made"));
    const bias = wanted["cls.predictions.bias"];
    expect(await arraysIn(at("made"))).toEqual({ ...wanted, "cls.predictions.decoder.bias": bias });
    expect(outputs).toMatchObject(same);
  });
});

describe("a TensorFlow checkpoint", () => {
  const googles = tinyHeads.filter((head) => head !== "BertForTokenClassification");

  test.each([undefined, ...googles])("of a model with the head %s comes back equal to the bit", async (head) => {
    const model = await tiny({ head, activation: "gelu_new", labels: ["LABEL_0", "LABEL_1", "LABEL_2"] });
    const report = await convertModel(model, at("google"), { to: "tensorflow" });
    expect(report).toMatchObject({ leftOut: [], outputs: same });
    const written = ["bert_config.json", "bert_model.ckpt.data-00000-of-00001", "bert_model.ckpt.index", "checkpoint"];
    expect(await filesIn(at("google"))).toEqual([...written, "tokenizer_config.json", "vocab.txt"]);
    const google = await arraysIn(at("google"));
    const kernel = report.arrays.find(({ to }) => to.name === "bert/encoder/layer_0/intermediate/dense/kernel")!;
    expect(kernel).toMatchObject({ transposed: true, from: { shape: [64, 32] }, to: { shape: [32, 64] } });
    expect(google[kernel.to.name]!.shape).toEqual([32, 64]);
    await convertModel(at("google"), at("back"));
    expect(await arraysIn(at("back"))).toEqual(await arraysIn(model));
    const config = await jsonIn("back", "config.json");
    expect(config).toMatchObject({ architectures: [head ?? "BertModel"], model_type: "bert", hidden_act: "gelu_new" });
    expect(config.id2label).toEqual((await jsonIn("model", "config.json")).id2label);
    expect(await filesIn(at("back"))).toContain("tokenizer.json");
  });

  test("says that Google's gelu is another than the exact one", async () => {
    const { warnings, outputs } = await convertModel(await tiny(), at("google"), { to: "tensorflow" });
    expect(warnings).toEqual([
      "gelu is exact here; Google's code takes its tanh form, up to 5e-4 away in each activation",
      "how sentence vectors are pooled is not said in Google's files",
    ]);
    expect(await jsonIn("google", "bert_config.json")).toMatchObject({ hidden_act: "gelu", hidden_size: 32 });
    expect(outputs).toMatchObject({ kind: "compared", largestDifference: expect.any(Number) });
  });

  test("is refused for what Google's code has not", async () => {
    const refused = (model: string) => convertModel(model, at("google"), { to: "tensorflow" });
    await expect(refused(await tiny({ head: "BertForTokenClassification" }))).rejects.toThrow(
      "google-research/bert has no tokenClassification head: write safetensors or ONNX",
    );
    await expect(refused(await tiny({ activation: "silu" }))).rejects.toThrow('its activation is "silu"');
    await convertModel(await tiny(), at("int8"), { precision: "int8" });
    await expect(refused(at("int8"))).rejects.toThrow("convert the model that they were made from");
    const halves = convertModel(at("model"), at("google"), { to: "tensorflow", precision: "float16" });
    await expect(halves).rejects.toThrow('tensorflow has float32, got "float16"');
    expect(await readdir(parent)).toEqual(["int8", "model"]);
  });
});

describe("an ONNX model", () => {
  test.each([undefined, ...tinyHeads])("of the head %s lies where its readers look", async (head) => {
    const model = await tiny({ head, ...(head ? {} : { dense: 7 }) });
    const report = await convertModel(model, at("onnx"), { to: "onnx" });
    expect(report.architecture).toBe(head ?? "BertModel");
    const files = (await filesIn(model)).filter((file) => file !== "model.safetensors");
    expect(await filesIn(at("onnx"))).toEqual([...files, "onnx/model.onnx"].sort());
    const int8 = await convertModel(model, at("int8"), { to: "onnx", precision: "int8" });
    expect(await filesIn(at("int8"))).toEqual([...files, "onnx/model_quantized.onnx"].sort());
    const word = int8.arrays.find(({ to }) => to.name.endsWith("word_embeddings.weight"));
    expect(word).toMatchObject({ from: { dtype: "float32" }, to: { dtype: "int8" } });
  });
});

describe("converting", () => {
  test("gives int8 that loads with the vectors of precision int8", async () => {
    const model = await tiny({ dense: 7 });
    const { outputs, arrays } = await convertModel(model, at("int8"), { precision: "int8" });
    expect(outputs).toMatchObject({ kind: "compared" });
    expect(arrays.map(({ to }) => to.name)).toContain("encoder.layer.0.output.dense.scale");
    const vectors = async (folder: string, precision?: "int8") => {
      using encoder = await loadSentenceEncoder(folder, { precision });
      return await encoder.encode(["a cat sat on the mat"]);
    };
    expect(await vectors(at("int8"))).toEqual(await vectors(model, "int8"));
  });

  test("leaves nothing behind when it fails, and replaces a folder only when told to", async () => {
    const model = await tiny();
    await writeFile(join(model, "model.safetensors"), "no weights");
    await expect(convertModel(model, at("made"))).rejects.toThrow();
    await tiny();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(convertModel(model, at("made"), { signal })).rejects.toThrow("enough");
    expect(await readdir(parent)).toEqual(["model"]);
    await convertModel(model, at("made"));
    await expect(convertModel(model, at("made"))).rejects.toThrow(OutputFolderError);
    await convertModel(model, at("made"), { overwrite: true });
    expect(await readdir(parent)).toEqual(["made", "model"]);
  });

  test("refuses weights that become other numbers: some are beyond float16", async () => {
    const model = await tiny();
    await changeArrays(model, (arrays) => {
      arrays.get("encoder.layer.0.output.dense.bias")!.values[0] = 1e6;
    });
    await expect(convertModel(model, at("made"), { precision: "float16" })).rejects.toMatchObject({
      code: "range",
      message: expect.stringContaining("gives other outputs than the model it was made from"),
    });
    expect(await readdir(parent)).toEqual(["model"]);
  });
});

describeWithData("goldens/formats", "Google's checkpoint of the golden model", () => {
  test.each(["tf-1-shard", "tf-2-shards"])("%s becomes the expected arrays, to the bit", async (name) => {
    const report = await convertModel(dataPath("goldens/formats", name), at("made"));
    const expected = await arraysIn(dataPath("goldens/formats/safetensors"));
    const made = await arraysIn(at("made"));
    expect(report.architecture).toBe("BertForPreTraining");
    expect(Object.keys(made)).toHaveLength(report.arrays.length);
    for (const [array, value] of Object.entries(made)) expect([array, value]).toEqual([array, expected[array]]);
    expect(report.outputs).toMatchObject(same);
  });
});
